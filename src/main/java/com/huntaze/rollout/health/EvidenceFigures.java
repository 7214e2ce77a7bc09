package com.huntaze.rollout.health;

/**
 * One sequential test at one tick.
 *
 * @param lnE the evidence against "at most the limit", nats; finite
 * @param threshold the evidence that is enough
 * @param samples the observations since the rollout began, at most one per user key and 10 s
 * @param hits those over the limit; for the cost 0
 */
public record EvidenceFigures(
    EvidenceStatus status, double lnE, double threshold, long samples, long hits) {}
