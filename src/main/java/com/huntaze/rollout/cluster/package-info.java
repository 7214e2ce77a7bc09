/** Replicas that are one rollout: their membership, and what crosses from process to process. */
package com.huntaze.rollout.cluster;
