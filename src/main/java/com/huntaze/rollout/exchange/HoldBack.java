package com.huntaze.rollout.exchange;

/**
 * The time for which the beginning of a response is held back: a while, and a little longer where
 * its provider has not answered a probe since its last byte, and another one could still answer. A
 * router that fell silent behind its head would else bind the client to itself.
 */
record HoldBack(ExchangeState state, Moment now) {
  void begin() {
    state.holdDeadline = now.millis() + state.limits.holdBack();
    state.waitsForProbe = false;
  }

  void end() {
    state.holdDeadline = ExchangeState.NEVER;
    state.waitsForProbe = false;
  }

  /**
   * The deadline has passed: tells whether it is over, or goes on until the provider's probe is
   * heard.
   *
   * @param replaceable whether another provider could answer
   */
  boolean over(boolean replaceable) {
    boolean goesOn = replaceable && !state.waitsForProbe && doubtful();
    end();
    if (goesOn) {
      state.waitsForProbe = true;
      state.holdDeadline = now.millis() + state.limits.probePatience();
    }
    return !goesOn;
  }

  /** Tells whether it only goes on for a probe, and that has been answered by now. */
  boolean heard() {
    return state.waitsForProbe && !doubtful();
  }

  private boolean doubtful() {
    return now.doubtful(state.provider, now.answerByteNanos());
  }
}
