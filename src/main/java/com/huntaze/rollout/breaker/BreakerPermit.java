package com.huntaze.rollout.breaker;

import com.huntaze.rollout.failover.Permit;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.outcome.Outcome;

/**
 * The right to make one attempt, which ends once: by success, by failure, or without a finding.
 * Whoever ends it a second time has lost count, and is told so.
 */
public final class BreakerPermit {
  private final ProviderBreaker breaker;
  private final Permit permit;
  private final boolean again;
  private boolean ended;

  /**
   * @param again whether the same exchange has failed here already: it is told of once
   */
  BreakerPermit(ProviderBreaker breaker, Permit permit, boolean again) {
    this.breaker = breaker;
    this.permit = permit;
    this.again = again;
  }

  /** Tells whether the attempt is the trial of a breaker that is not closed. */
  public boolean trial() {
    return permit.trial();
  }

  /** Tells whether the breaker has opened since: the attempt shares its fate with others. */
  public boolean openedSince() {
    return breaker.openedSince(permit);
  }

  /** Tells whether the attempt has ended, so that nothing may be told of it any more. */
  public boolean ended() {
    return ended;
  }

  /** The provider works. */
  void succeeded() {
    giveBack(BreakerResult.SUCCESS);
  }

  /** The provider does not work. */
  void failed() {
    giveBack(BreakerResult.FAILURE);
  }

  /** The attempt has shown nothing about the provider. */
  void withdrawn() {
    giveBack(BreakerResult.NEUTRAL);
  }

  /** Ends it as an outcome counts for a breaker. */
  public void end(BreakerResult result) {
    switch (result) {
      case SUCCESS -> succeeded();
      case FAILURE -> failed();
      case NEUTRAL -> withdrawn();
      default -> throw new AssertionError("result: " + result + " (expected: a known one)");
    }
  }

  /** Tells the breaker of the attempt's end, whenever the permit was given back. */
  public void heard(Outcome outcome) {
    breaker.heard(outcome, again);
  }

  private void giveBack(BreakerResult result) {
    if (ended) {
      throw new IllegalStateException("permit: ended twice, now with " + result);
    }
    ended = true;
    breaker.result(permit, result);
  }
}
