package com.huntaze.rollout.canary;

/**
 * The part of a rollout's state that every splitter needs and every replica shares: immutable, and
 * brought together from any sources in any order by {@link #merge}.
 *
 * @param epoch the rollout it speaks of
 * @param rollback the epoch's rollback, {@code null} = none. Once there, it stays for the epoch
 * @param position where the epoch stands on the ladder
 */
public record CanarySnapshot(Epoch epoch, RollbackRecord rollback, Position position) {

  /** The state of a fresh replica: epoch 1, initial, everything on legacy. */
  public static CanarySnapshot fresh(String replicaId, long now) {
    return new CanarySnapshot(new Epoch(1, replicaId), null, Position.initial(now));
  }

  /** The share that Foundry gets, 0..100: zero once rolled back, whatever the ladder says. */
  public int percentage() {
    return rollback == null ? position.percentage() : 0;
  }

  public Phase phase() {
    return rollback == null ? position.phase() : Phase.ROLLBACK;
  }

  /** The stage's index, {@link Stage#NONE} outside the ladder. */
  public int stage() {
    return rollback == null ? position.stage() : Stage.NONE;
  }

  public boolean rolledBack() {
    return rollback != null;
  }

  /** When the phase began, wall clock in milliseconds. */
  public long since() {
    return rollback == null ? position.since() : rollback.at();
  }

  /**
   * What is known when both are known: the larger epoch whole; within one epoch the earlier
   * rollback and the newer position. Associative, commutative and idempotent, so messages may be
   * lost, doubled and reordered.
   */
  public CanarySnapshot merge(CanarySnapshot other) {
    int order = epoch.compareTo(other.epoch);
    if (order != 0) {
      return order > 0 ? this : other;
    }
    RollbackRecord both = rollback == null ? other.rollback : rollback.merge(other.rollback);
    return new CanarySnapshot(epoch, both, position.merge(other.position));
  }
}
