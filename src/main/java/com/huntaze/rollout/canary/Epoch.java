package com.huntaze.rollout.canary;

import java.util.Comparator;

/**
 * One rollout from its start to its end or rollback. {@code start} after a rollback and {@code
 * reset} begin the next one. Totally ordered, so that replicas agree which is newer.
 *
 * @param number counts from 1
 * @param creatorId the replica that began it: two that begin one at once are told apart
 */
public record Epoch(long number, String creatorId) implements Comparable<Epoch> {
  private static final Comparator<Epoch> ORDER =
      Comparator.comparingLong(Epoch::number).thenComparing(Epoch::creatorId);

  /** The epoch after this one, begun by {@code replicaId}. */
  Epoch next(String replicaId) {
    return new Epoch(number + 1, replicaId);
  }

  @Override
  public int compareTo(Epoch other) {
    return ORDER.compare(this, other);
  }

  /** The form on the wire: {@code 3-replica}. */
  @Override
  public String toString() {
    return number + "-" + creatorId;
  }
}
