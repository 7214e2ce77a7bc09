package com.huntaze.rollout.health;

/**
 * One sequential test at one tick.
 *
 * @param lnE the evidence against "at most the limit", nats; finite
 * @param threshold the evidence that is enough
 * @param samples the observations since the rollout began, at most one per user key and 10 s
 * @param hits those over the limit; of the cost, the sum in nano-USD
 * @param stretch which of them the evidence is about: all, or those since a change
 */
public record EvidenceFigures(
    EvidenceStatus status,
    double lnE,
    double threshold,
    long samples,
    long hits,
    CusumRun stretch) {

  /** Whether the evidence is about everything that has been seen. */
  boolean isOfAll() {
    return stretch.samples() >= samples;
  }
}
