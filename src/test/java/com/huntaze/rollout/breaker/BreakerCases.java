package com.huntaze.rollout.breaker;

import com.huntaze.rollout.Cases;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.provider.Provider;

/** The methods that tell the states of breakers apart. */
public final class BreakerCases {
  private static final BreakerAlerts.Failures FAILURES =
      new BreakerAlerts.Failures(5, "", "", false);

  private BreakerCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    cases.dispatcher(
        "BreakerAlerts.of",
        BreakerState.class,
        each -> {
          BreakerState state = (BreakerState) each;
          BreakerAlerts.of(Provider.FOUNDRY, null, state, FAILURES);
          BreakerAlerts.of(Provider.FOUNDRY, new BreakerState.HalfOpen(0, false), state, FAILURES);
        });
    cases.dispatcher(
        "BreakerWords.kind", BreakerState.class, each -> BreakerWords.kind((BreakerState) each));
    cases.dispatcher(
        "BreakerWords.sentence",
        BreakerState.class,
        each -> BreakerWords.sentence(Provider.FOUNDRY, (BreakerState) each, 5));
  }
}
