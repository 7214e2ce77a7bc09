package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.health.FloorSettings;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Metric;

/**
 * One sequential test at one tick.
 *
 * @param lnE the evidence against "at most the limit", nats; finite
 * @param threshold the evidence that is enough
 * @param lnEWithoutOne the evidence without the one user or API key that it depends on most, nats
 * @param seen the observations since the rollout began, at most one per user key and 10 s
 * @param run which of them the evidence is about: all, or those since a change
 */
public record EvidenceFigures(
    Metric metric,
    EvidenceStatus status,
    double lnE,
    double threshold,
    double lnEWithoutOne,
    Counts seen,
    CusumRun run) {

  /** The figures of a metric without a sequential test. */
  static EvidenceFigures none(Metric metric) {
    return new EvidenceFigures(
        metric, EvidenceStatus.DISABLED, 0, 0, 0, Counts.NONE, CusumRun.NONE);
  }

  EvidenceFigures with(EvidenceStatus other) {
    return new EvidenceFigures(metric, other, lnE, threshold, lnEWithoutOne, seen, run);
  }

  /** Tells whether it is enough, of enough observations and users, and without any one of them. */
  public boolean passes(FloorSettings floor, long keys) {
    return samples() >= floor.requests()
        && keys >= floor.keys()
        && lnE >= threshold
        && lnEWithoutOne >= LeaveOneOut.LEAST;
  }

  /** The observations. */
  public long samples() {
    return seen.get(metric.denominator());
  }

  /** Those over the limit; of the cost, the sum in nano-USD. */
  public long hits() {
    return seen.get(metric.numerator());
  }

  /** The observations that the evidence is about. */
  public long runSamples() {
    return run.counts().get(metric.denominator());
  }

  /** Tells whether there is any evidence that could be shown beside a finding. */
  public boolean isAny() {
    return status != EvidenceStatus.DISABLED && status != EvidenceStatus.INCONCLUSIVE;
  }

  /** Returns whether the evidence is about everything that has been seen. */
  public boolean isOfAll() {
    return runSamples() >= samples();
  }

  /**
   * The strength of the evidence in words for people: {@code a healthy Foundry looks like this 1
   * time in 990}. Wealth of e^x comes by chance at most once in e^x (Ville's inequality).
   */
  public String rarity() {
    return lnE < Math.log(2)
        ? "a healthy Foundry often looks like this"
        : "a healthy Foundry looks like this 1 time in " + Figure.timesOf(lnE, 2);
  }

  /** The same, with the strength that is needed. */
  public String rarityAndNeed() {
    return rarity() + " (rolls back at 1 in " + Figure.timesOf(threshold, 3) + ")";
  }
}
