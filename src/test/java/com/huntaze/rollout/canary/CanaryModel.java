package com.huntaze.rollout.canary;

/**
 * The rollout as its users have it explained, in plain variables: what must be in force after any
 * sequence of inputs. It knows nothing of how the machine does it.
 */
final class CanaryModel {
  private static final int[] SHARES = {10, 50, 100};
  private static final long[] BAKES = {10 * 60_000, 20 * 60_000, 0};

  private int stage = -1;
  private int share;
  private boolean rolledBack;
  private boolean paused;
  private boolean manual;
  private boolean exceeded;
  private long epoch = 1;

  int share() {
    return rolledBack ? 0 : share;
  }

  String phase() {
    if (rolledBack) {
      return "rollback";
    }
    return stage < 0 ? "initial" : new String[] {"canary_10", "canary_50", "full"}[stage];
  }

  long epoch() {
    return epoch;
  }

  boolean paused() {
    return paused;
  }

  boolean manual() {
    return manual;
  }

  /**
   * Notes an assessment: a bad one stays until the next assessment of the same epoch, whatever the
   * share is.
   */
  void judged(Assessment assessment) {
    exceeded =
        assessment.kind() == Assessment.Kind.BREACHED
            || assessment.kind() == Assessment.Kind.ROLLBACK;
    if (assessment.kind() == Assessment.Kind.ROLLBACK && share() > 0) {
      rollback();
    }
  }

  void rollback() {
    if (!rolledBack) {
      rolledBack = true;
      exceeded = false;
    }
  }

  void start() {
    if (rolledBack) {
      newEpoch();
      moveTo(0, SHARES[0]);
    } else if (stage < 0 || manual && share == 0) {
      if (!exceeded) {
        moveTo(0, SHARES[0]);
      }
    } else if (manual) {
      manual = false;
      paused = false;
    }
  }

  /** The next stage, by a person or by promotion. */
  void advance() {
    if (rolledBack || exceeded) {
      return;
    }
    for (int next = 0; next < SHARES.length; next++) {
      if (SHARES[next] > share) {
        moveTo(next, SHARES[next]);
        return;
      }
    }
  }

  void set(int percentage) {
    if (rolledBack || percentage > share && exceeded || percentage == share && manual) {
      return;
    }
    int covering = stage;
    for (int i = SHARES.length - 1; i >= 0 && percentage > 0; i--) {
      covering = SHARES[i] >= percentage ? i : covering;
    }
    stage = covering;
    share = percentage;
    manual = true;
  }

  void pause() {
    paused |= !rolledBack && stage >= 0;
  }

  void resume() {
    if (!rolledBack) {
      paused = false;
    }
  }

  void reset() {
    if (rolledBack || stage >= 0 || share > 0) {
      newEpoch();
    }
  }

  boolean bakes() {
    return !rolledBack && stage >= 0 && share > 0 && !paused && !manual;
  }

  long bakeMillis() {
    return BAKES[stage];
  }

  private void newEpoch() {
    epoch++;
    rolledBack = false;
    stage = -1;
    share = 0;
    paused = false;
    manual = false;
    exceeded = false;
  }

  private void moveTo(int next, int percentage) {
    stage = next;
    share = percentage;
    paused = false;
    manual = false;
    exceeded = false;
  }
}
