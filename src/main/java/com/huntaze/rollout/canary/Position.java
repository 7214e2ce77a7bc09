package com.huntaze.rollout.canary;

import java.util.Comparator;

/**
 * The place of an epoch on the ladder; written by the leader alone.
 *
 * @param term which leadership wrote it; a later one wins over an earlier
 * @param seq counts the transitions of the epoch
 * @param phase the stage's name, or initial
 * @param stage the stage's index, {@link Stage#NONE} while initial
 * @param percentage the share that Foundry gets, 0..100
 * @param paused whether promotion is stopped by a person
 * @param manual whether a person set the percentage: no promotion until start or advance
 * @param since when the phase began, wall clock in milliseconds; for people, never for decisions
 */
public record Position(
    long term,
    long seq,
    Phase phase,
    int stage,
    int percentage,
    boolean paused,
    boolean manual,
    long since) {

  /**
   * The newer of two by (term, seq). A tie with different contents cannot come from one leader;
   * should it happen, the lower percentage wins, then the smaller text, so that all replicas still
   * agree and none sends more than the other would.
   */
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::term)
          .thenComparingLong(Position::seq)
          .thenComparing(Comparator.comparingInt(Position::percentage).reversed())
          .thenComparing(Comparator.comparing(Position::toString).reversed());

  static Position initial(long now) {
    return new Position(0, 0, Phase.INITIAL, Stage.NONE, 0, false, false, now);
  }

  Position ofTerm(long newTerm) {
    return new Position(newTerm, seq, phase, stage, percentage, paused, manual, since);
  }

  /** The same, numbered after another one. */
  Position after(Position other) {
    return new Position(other.term, other.seq + 1, phase, stage, percentage, paused, manual, since);
  }

  /** The same share, at a stage's place. */
  Position at(Stage place) {
    return new Position(term, seq, place.phase(), place.index(), percentage, paused, manual, since);
  }

  /** The same, as if a person had set it. */
  Position byHand() {
    return new Position(term, seq, phase, stage, percentage, paused, true, since);
  }

  boolean sameShare(Position other) {
    return stage == other.stage && percentage == other.percentage && phase.equals(other.phase);
  }

  Position merge(Position other) {
    return ORDER.compare(this, other) >= 0 ? this : other;
  }
}
