/**
 * The cost of answers: token usage read from the bytes that pass, priced in integer nano-USD, and
 * summed up. Pure: bytes, counts and times come in as arguments.
 */
package com.huntaze.rollout.cost;
