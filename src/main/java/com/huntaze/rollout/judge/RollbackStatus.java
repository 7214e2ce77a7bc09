package com.huntaze.rollout.judge;

import java.math.BigDecimal;
import java.util.List;

/**
 * The things that the rollback controller watches, and its last decision (the seed's
 * RollbackStatus).
 *
 * @param errorThreshold the largest healthy share of errors, 0..1
 * @param latencyThreshold the largest healthy p95, milliseconds
 * @param costThreshold the largest healthy mean cost, USD
 * @param minRequests the observations that the plain rule needs
 * @param sequential whether the sequential tests run
 * @param verdict the last one
 * @param findings the last ones
 * @param sentence the last verdict for people
 */
public record RollbackStatus(
    double errorThreshold,
    long latencyThreshold,
    BigDecimal costThreshold,
    long minRequests,
    boolean sequential,
    Verdict verdict,
    List<Finding> findings,
    String sentence) {
  /** Copies the list, so that the record never changes. */
  public RollbackStatus {
    findings = List.copyOf(findings);
  }
}
