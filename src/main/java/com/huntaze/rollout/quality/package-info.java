/**
 * The quality of answers, as callers find it: their scores, exactly summed up, and what can be said
 * of both providers from them. Pure: scores and times come in as arguments. No decision is made
 * from it.
 */
package com.huntaze.rollout.quality;
