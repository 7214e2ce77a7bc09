package com.huntaze.rollout.judge.difference;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;

/**
 * One exchange for the comparison: how its first attempt, at the provider that was chosen for it,
 * ended. What legacy answers in Foundry's stead is none of legacy's.
 *
 * @param latencyMillis to the first content of a stream, else to the last byte; {@link #UNKNOWN} =
 *     there was none
 * @param stream whether it is a stream
 * @param outputTokens told by the answer, {@link #UNKNOWN} = it told none
 * @param costNano nano-USD, {@link #UNKNOWN} = not known
 */
public record Compared(
    Origin origin,
    Outcome outcome,
    long latencyMillis,
    boolean stream,
    long outputTokens,
    long costNano) {
  /** A figure that is not known. */
  public static final long UNKNOWN = -1;

  /** The same without its time and its cost. */
  public Compared withoutTimeAndCost() {
    return new Compared(origin, outcome, UNKNOWN, stream, outputTokens, UNKNOWN);
  }

  /** The same as one of another kind. */
  public Compared as(ExchangeKind kind) {
    Origin other =
        new Origin(origin.provider, origin.epoch, origin.stage, origin.user, origin.apiKey, kind);
    return new Compared(other, outcome, latencyMillis, stream, outputTokens, costNano);
  }

  /**
   * The place where an exchange belongs.
   *
   * @param epoch the rollout in which it began, {@code n-creatorId}
   * @param stage the tag of its stage
   * @param user hash of its user, as the judge tells users apart
   * @param apiKey hash of his API key, 0 = none
   * @param kind by which the traffic is parted
   */
  public record Origin(
      Provider provider, String epoch, int stage, long user, long apiKey, ExchangeKind kind) {}
}
