/** Limits that the replicas of a fleet have in common, and the part of each replica. */
package com.huntaze.rollout.quota;
