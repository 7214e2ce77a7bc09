package com.huntaze.rollout.simulate;

/**
 * The times of one request, in milliseconds, under the backend's pace and the fault of the moment.
 */
final class Tempo {
  private static final double SIGMA = 0.35;

  private final BackendProfile profile;
  private final Chance chance;
  private final double factor;
  private final long startMillis;

  Tempo(BackendProfile profile, Fault fault, Chance chance) {
    this.profile = profile;
    this.chance = chance;
    this.startMillis = fault.startMillis();
    this.factor = profile.pace() * fault.delayFactor();
  }

  /** Until the first token of a stream. */
  long firstTokenMillis() {
    return startMillis + millis(chance.logNormalMillis(profile.firstTokenMillis(), SIGMA));
  }

  /** Between two tokens of a stream. */
  long nextTokenMillis() {
    return millis(chance.between(20, 60));
  }

  /** Until an answer that comes whole. */
  long answerMillis() {
    return startMillis + millis(chance.logNormalMillis(profile.answerMillis(), SIGMA));
  }

  /** Until an answer that needs no model's text: an accepted job, an embedding, an error. */
  long quickMillis() {
    return millis(chance.between(10, 40));
  }

  /** Returns the duration of a transcription. */
  long jobMillis() {
    return millis(chance.between(1_000, 3_000));
  }

  /** Vert.x timers take one millisecond or more. */
  private long millis(double value) {
    return Math.max(1, Math.round(value * factor));
  }
}
