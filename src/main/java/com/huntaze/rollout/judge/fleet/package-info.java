/** The figures of one process, summed over its event loops, as they go to the fleet's one judge. */
package com.huntaze.rollout.judge.fleet;
