package com.huntaze.rollout.failover;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.OptionalLong;

/**
 * An attempt that ended before anything was sent to the client, and what is known of its request.
 *
 * @param provider whose attempt it was
 * @param outcome how it ended
 * @param foundryAttempts the attempts at Foundry so far, this one included
 * @param legacyAttempts the attempts at legacy so far, this one included
 * @param returned whether Foundry is, or was, asked after legacy had failed
 * @param waits how often a breaker has been waited for so far
 * @param replayable whether the request may be sent again: its route says so and its body is kept,
 *     or provably nothing of it was sent
 * @param fallbackAllowed whether {@code fallback.enabled} holds and legacy serves this request
 * @param clientRetries whether its client says that it is itself repeating the request, so that the
 *     same provider is not asked again
 * @param withdrawn whether the split would not choose Foundry for anybody by now: its share has
 *     been taken away since, by a rollback or a person
 * @param breakerOpen whether the breaker of {@code provider} is open by now
 * @param legacyBreakerOpen whether legacy's breaker is open by now
 * @param legacyThrottled whether legacy has answered 429 lately, and no success since
 * @param hasAnswer whether an answer of any attempt so far is kept and can be passed on
 * @param hintMillis the provider's wish for the next attempt, see {@code RetryHint}
 * @param startMillis when the request began, monotonic
 * @param nowMillis the same clock now
 */
public record FailedAttempt(
    Provider provider,
    Outcome outcome,
    int foundryAttempts,
    int legacyAttempts,
    boolean returned,
    int waits,
    boolean replayable,
    boolean fallbackAllowed,
    boolean clientRetries,
    boolean withdrawn,
    boolean breakerOpen,
    boolean legacyBreakerOpen,
    boolean legacyThrottled,
    boolean hasAnswer,
    OptionalLong hintMillis,
    long startMillis,
    long nowMillis) {

  /** The attempts at {@link #provider} so far. */
  int attempts() {
    return provider == Provider.FOUNDRY ? foundryAttempts : legacyAttempts;
  }

  /** Returns whether legacy was asked in Foundry's stead. */
  boolean fellBack() {
    return fallbackAllowed && legacyAttempts > 0;
  }

  /** Returns whether a breaker refused it, so that nothing was sent. */
  boolean refused() {
    return Meaning.BREAKER_OPEN.isOf(outcome);
  }
}
