/**
 * The figures of the rollout as they were: rows by the moment, their lines in a file, and what a
 * chart of some hundred points shows of them. Pure: times and bytes come in as arguments. No
 * decision is made from it.
 */
package com.huntaze.rollout.history;
