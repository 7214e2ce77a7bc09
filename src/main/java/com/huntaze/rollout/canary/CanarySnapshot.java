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

  /** Older than every other: of a replica that has not seen any state yet. Nothing to Foundry. */
  static CanarySnapshot unknown() {
    return new CanarySnapshot(new Epoch(0, "none"), null, Position.initial(0));
  }

  /** Rolled back from the beginning, for nobody knows what was before. */
  static CanarySnapshot damaged(Epoch epoch, String sentence, long now) {
    RollbackRecord record =
        new RollbackRecord(1, epoch.creatorId(), now, 0, Command.AUTO, sentence);
    return new CanarySnapshot(epoch, record, Position.initial(now));
  }

  /** Returns whether this is no state at all, see {@link #unknown}. */
  boolean isUnknown() {
    return epoch.number() == 0;
  }

  /**
   * Returns whether the same share of the same stage is in force, so that its health goes on
   * counting.
   */
  boolean sameShare(CanarySnapshot other) {
    return epoch.equals(other.epoch)
        && rolledBack() == other.rolledBack()
        && position.sameShare(other.position);
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

  /** Returns the beginning of the phase, wall clock in milliseconds. */
  public long since() {
    return rollback == null ? position.since() : rollback.at();
  }

  /** The same, numbered so that it wins over one that was written by mistake. */
  CanarySnapshot after(CanarySnapshot abandoned) {
    return abandoned.epoch.equals(epoch)
        ? new CanarySnapshot(epoch, rollback, position.after(abandoned.position))
        : new CanarySnapshot(abandoned.epoch.next(abandoned.epoch.creatorId()), rollback, position);
  }

  CanarySnapshot at(Position other) {
    return new CanarySnapshot(epoch, rollback, other);
  }

  /** The same, with a position that the leader of a term has written. */
  CanarySnapshot ofTerm(long term) {
    return new CanarySnapshot(epoch, rollback, position.ofTerm(term));
  }

  /**
   * Returns the snapshot that holds when both are known: the larger epoch whole; within one epoch
   * the earlier rollback and the newer position. Associative, commutative and idempotent, so
   * messages may be lost, doubled and reordered.
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
