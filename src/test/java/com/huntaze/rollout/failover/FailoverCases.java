package com.huntaze.rollout.failover;

import com.huntaze.rollout.Cases;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;

/** Outcomes, next steps and the states of breakers, and who tells them apart. */
public final class FailoverCases {
  private static final RetryPolicy RETRY =
      new RetryPolicy(new RetrySettings(3, Duration.ofMillis(250), 2.0, 0.1));

  private FailoverCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    cases.examples(
        Meaning.COMPLETE.outcome(),
        Meaning.WORDLESS.outcome(),
        Meaning.EMPTY_ANSWER.outcome(),
        Meaning.MALFORMED_ANSWER.outcome(),
        Meaning.TRANSIENT_STATUS.outcome(503),
        Meaning.SERVER_ERROR.outcome(501),
        Meaning.CREDENTIAL_REFUSED.outcome(401),
        Meaning.THROTTLED.outcome(),
        Meaning.CONTENT_FILTERED.outcome(),
        Meaning.NOT_FOUND.outcome(),
        Meaning.CALLER_ERROR.outcome(400),
        Meaning.RESET.outcome(),
        Meaning.TRUNCATED.outcome(),
        Meaning.ERROR_EVENT.outcome(),
        Meaning.INCOMPLETE.outcome(),
        Meaning.JUNK.outcome(),
        Meaning.FIRST_CONTENT.outcome(),
        Meaning.IDLE.outcome(),
        Meaning.STREAM.outcome(),
        Meaning.PROBE_DOWN.outcome(),
        Meaning.BREAKER_OPEN.outcome(),
        Meaning.OPTION_REFUSED.outcome(),
        Meaning.CLIENT_GONE.outcome());
    for (UnreachableCause cause : UnreachableCause.values()) {
      cases.examples(Outcome.unreachable(cause));
    }
    for (Provider provider : Provider.values()) {
      cases.dispatcher(
          "FailoverPolicy.next", Outcome.class, each -> next(provider, (Outcome) each));
    }
    cases.examples(
        new NextStep.Relay(),
        new NextStep.Retry(250),
        new NextStep.FailOver(),
        new NextStep.TryFoundry(),
        new NextStep.AskAgain(Provider.LEGACY, 250),
        new NextStep.GiveUp(ErrorCode.TIMEOUT),
        new NextStep.Stop());
    breakers(cases);
  }

  private static void next(Provider provider, Outcome outcome) {
    FailoverPolicy policy = new FailoverPolicy(RETRY, RETRY, new Deadlines(55_000, 20_000));
    Situation situation = Situation.of(provider, outcome);
    policy.next(situation.attempt(), 0.5, () -> true);
    policy.next(situation.sentOnce().attempt(), 0.5, () -> false);
    policy.next(situation.withoutFallback().attempt(), 0.5, () -> false);
  }

  private static void breakers(Cases cases) {
    cases.examples(
        new BreakerState.Closed(0, 0),
        new BreakerState.Open(1, 0, 30_000),
        new BreakerState.HalfOpen(2, false));
    BreakerMachine machine =
        new BreakerMachine(new CircuitBreakerSettings(5, Duration.ofSeconds(30)));
    cases.dispatcher(
        "BreakerMachine.admit",
        BreakerState.class,
        each -> {
          for (Standing standing : Standing.values()) {
            machine.admit((BreakerState) each, Asking.of(standing), 1);
          }
        });
    cases.dispatcher(
        "BreakerMachine.result",
        BreakerState.class,
        each -> {
          BreakerState state = (BreakerState) each;
          for (BreakerResult result : BreakerResult.values()) {
            machine.result(state, new Permit(state.generation(), false), result, 1);
            machine.result(state, new Permit(state.generation(), true), result, 1);
          }
        });
  }
}
