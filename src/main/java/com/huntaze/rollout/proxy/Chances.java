package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.FailedAttempt;
import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * What has been tried for a request so far, and what may still be tried. It knows the facts; {@link
 * FailoverPolicy} decides on them.
 */
final class Chances {
  private final Failover failover;
  private final Chooser chooser;
  private final Ask ask;
  private int foundryAttempts;
  private int legacyAttempts;
  private boolean jobLookedForElsewhere;

  Chances(Failover failover, Chooser chooser, Ask ask) {
    this.failover = failover;
    this.chooser = chooser;
    this.ask = ask;
  }

  /** An attempt at a provider begins. */
  void used(Provider provider) {
    if (provider == Provider.FOUNDRY) {
      foundryAttempts++;
    } else {
      legacyAttempts++;
    }
  }

  /** Who serves, or served, the request by now, and why. */
  ProviderChoice served() {
    boolean fellBack = legacyAttempts > 0 && ask.chosen().provider() == Provider.FOUNDRY;
    if (fellBack && jobLookedForElsewhere) {
      return new ProviderChoice(Provider.LEGACY, ask.chosen().reason());
    }
    return fellBack ? new ProviderChoice(Provider.LEGACY, Reason.FALLBACK) : ask.chosen();
  }

  /** Until when an attempt at a provider must have had its first content. */
  long deadlineOf(Provider provider) {
    boolean canFailOver =
        FailoverPolicy.canFailOver(
            provider, fallbackAllowed(), repeatable(), failover.breaker(Provider.LEGACY).open());
    return failover.policy().attemptDeadline(provider, ask.startMillis(), canFailOver);
  }

  /** Whether another attempt could follow, if this one fails. */
  boolean mayMoveOn(Attempt attempt) {
    boolean moreRetries = attempts(attempt.provider()) <= failover.maxRetries(attempt.provider());
    boolean legacyMay = replaceable(attempt) && !failover.breaker(Provider.LEGACY).open();
    return moreRetries && replayable(attempt) || legacyMay;
  }

  /** Whether legacy could still answer in the stead of the provider that is being asked. */
  boolean replaceable(Attempt attempt) {
    return attempt.provider() == Provider.FOUNDRY && fallbackAllowed() && replayable(attempt);
  }

  /** Takes note of a job that Foundry does not have, and whose maker is not known. */
  boolean jobMissed(Provider provider, Outcome outcome) {
    boolean missed =
        outcome instanceof Outcome.NotFound
            && provider == Provider.FOUNDRY
            && ask.jobMayBeAtLegacy();
    jobLookedForElsewhere |= missed;
    return missed;
  }

  /**
   * Whether legacy does not have a job that may well be Foundry's, which did not answer: to the
   * caller that would say that the job does not exist.
   */
  boolean jobMayStillExist(Provider provider, Outcome outcome) {
    return outcome instanceof Outcome.NotFound
        && provider == Provider.LEGACY
        && ask.jobMayBeAtLegacy()
        && !jobLookedForElsewhere;
  }

  /** Whether legacy is the next place to look for a job. */
  boolean jobMayStillBeFound(Provider provider) {
    return jobLookedForElsewhere && provider == Provider.FOUNDRY && legacyAttempts == 0;
  }

  /**
   * What follows on an attempt that ended.
   *
   * @param attempt the last one that was made, {@code null} = none yet
   * @param hint the provider's wish, in milliseconds
   * @param answered whether there is an answer that could pass
   * @param retryGranted asked once at most, when nothing else is against a retry
   */
  NextStep next(
      Provider provider,
      Attempt attempt,
      Outcome outcome,
      OptionalLong hint,
      boolean answered,
      BooleanSupplier retryGranted) {
    return failover
        .policy()
        .next(
            failed(provider, attempt, outcome, hint, answered),
            ThreadLocalRandom.current().nextDouble(),
            retryGranted);
  }

  /** Takes a retry from the process's budget, if one is left. */
  boolean retryGranted() {
    return failover.budget().tryRetry(Monotonic.millis());
  }

  /** An attempt that ended, as the policy wants it described. */
  private FailedAttempt failed(
      Provider provider, Attempt attempt, Outcome outcome, OptionalLong hint, boolean answered) {
    return new FailedAttempt(
        provider,
        outcome,
        foundryAttempts,
        legacyAttempts,
        replayable(attempt),
        fallbackAllowed(),
        provider == Provider.FOUNDRY && chooser.withdrawn(ask.chosen()),
        failover.breaker(provider).open(),
        failover.breaker(Provider.LEGACY).open(),
        answered,
        hint,
        ask.startMillis(),
        Monotonic.millis());
  }

  /** Whether a retry that was decided earlier is still right. */
  boolean stillRetries(DueRetry due, Attempt attempt) {
    return failover
        .policy()
        .stillRetries(failed(due.provider(), attempt, due.failure(), OptionalLong.empty(), false));
  }

  private int attempts(Provider provider) {
    return provider == Provider.FOUNDRY ? foundryAttempts : legacyAttempts;
  }

  /**
   * @param attempt the one that is or was made, {@code null} = none yet
   */
  private boolean replayable(Attempt attempt) {
    return attempt == null || !attempt.sent() || repeatable();
  }

  private boolean repeatable() {
    return ask.identity().route().replay() == Replay.SAFE && ask.body().replayable();
  }

  private boolean fallbackAllowed() {
    return failover.enabled()
        && ask.chosen().provider() == Provider.FOUNDRY
        && ask.chosen().reason() != Reason.OVERRIDE
        // Another provider's 404 would tell the caller that the job does not exist.
        && !ask.jobOfKnownMaker();
  }
}
