package com.huntaze.rollout.canary;

import java.util.Comparator;

/**
 * That an epoch was rolled back. Of two in one epoch the earlier stands.
 *
 * @param seq the transition's number within the epoch
 * @param replicaId the replica that decided it
 * @param at wall clock in milliseconds
 * @param fromPercentage Foundry's share before
 * @param actor who decided: a person's name, or {@code auto}
 * @param reason one sentence
 */
public record RollbackRecord(
    long seq, String replicaId, long at, int fromPercentage, String actor, String reason) {

  private static final Comparator<RollbackRecord> ORDER =
      Comparator.comparingLong(RollbackRecord::seq)
          .thenComparing(RollbackRecord::replicaId)
          .thenComparing(RollbackRecord::toString);

  RollbackRecord merge(RollbackRecord other) {
    return other == null || ORDER.compare(this, other) <= 0 ? this : other;
  }
}
