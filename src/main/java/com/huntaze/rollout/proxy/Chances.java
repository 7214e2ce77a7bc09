package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.FailedAttempt;
import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.failover.Standing;
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
  private int waits;

  /** Whether Foundry is, or was, asked after legacy had failed. */
  private boolean returned;

  private Provider last;
  private boolean jobLookedForElsewhere;

  Chances(Failover failover, Chooser chooser, Ask ask) {
    this.failover = failover;
    this.chooser = chooser;
    this.ask = ask;
  }

  /** An attempt at a provider begins. */
  void used(Provider provider) {
    last = provider;
    if (provider == Provider.FOUNDRY) {
      foundryAttempts++;
    } else {
      legacyAttempts++;
    }
  }

  /** Foundry, which its breaker refused at first, is asked after all. */
  void returns() {
    returned = true;
  }

  /** A breaker is waited for; when it is legacy's, Foundry may be next once more. */
  void waitsFor(Provider provider) {
    waits++;
    returned &= provider == Provider.FOUNDRY;
  }

  /** The place of a provider among those that may answer the request. */
  Standing standing(Provider provider) {
    return FailoverPolicy.standing(provider, fallbackAllowed(), returned);
  }

  /** Who serves, or served, the request by now, and why. */
  ProviderChoice served() {
    if (last != Provider.LEGACY || ask.chosen().provider() == Provider.LEGACY) {
      return ask.chosen();
    }
    Reason reason = jobLookedForElsewhere ? ask.chosen().reason() : Reason.FALLBACK;
    return new ProviderChoice(Provider.LEGACY, reason);
  }

  /** Whether legacy was asked in Foundry's stead. */
  boolean fellBack() {
    return legacyAttempts > 0
        && ask.chosen().provider() == Provider.FOUNDRY
        && !jobLookedForElsewhere;
  }

  /** Until when an attempt at a provider must have had its first content. */
  long deadlineOf(Provider provider) {
    boolean canFailOver =
        FailoverPolicy.canFailOver(
            provider,
            fallbackAllowed(),
            returned,
            repeatable(),
            failover.breaker(Provider.LEGACY).open());
    return failover.policy().attemptDeadline(provider, ask.startMillis(), canFailOver);
  }

  /** Who is late at the end of an attempt's time: while the client sends its body, the client. */
  Outcome late() {
    return ask.body().awaited() ? new Outcome.ClientGone() : new Outcome.FirstContentTimeout();
  }

  /** Whether another attempt could follow, if this one fails. */
  boolean mayMoveOn(Attempt attempt) {
    boolean moreRetries = attempts(attempt.provider()) <= failover.maxRetries(attempt.provider());
    boolean foundryMay =
        attempt.provider() == Provider.LEGACY && fallbackAllowed() && foundryAttempts == 0;
    return moreRetries && replayable(attempt) || replaceable(attempt) || foundryMay;
  }

  /** Whether legacy could still answer in the stead of the provider that is being asked. */
  boolean replaceable(Attempt attempt) {
    return standing(attempt.provider()) == Standing.REPLACEABLE && replayable(attempt);
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
   * @param retryGranted as {@link #retryGrant()}
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

  /** Takes one retry from the process's budget when it is asked, if one is left. */
  RetryGrant retryGrant() {
    return new RetryGrant(failover.budget());
  }

  /** An attempt that ended, as the policy wants it described. */
  private FailedAttempt failed(
      Provider provider, Attempt attempt, Outcome outcome, OptionalLong hint, boolean answered) {
    return new FailedAttempt(
        provider,
        outcome,
        foundryAttempts,
        legacyAttempts,
        returned,
        waits,
        replayable(attempt),
        fallbackAllowed(),
        chooser.withdrawn(ask.chosen()),
        failover.breaker(provider).open(),
        failover.breaker(Provider.LEGACY).open(),
        failover.breaker(Provider.LEGACY).throttledLately(),
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
