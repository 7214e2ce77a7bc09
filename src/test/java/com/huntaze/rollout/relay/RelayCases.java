package com.huntaze.rollout.relay;

import com.huntaze.rollout.Cases;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;

/** The methods that tell outcomes apart to put them into words for a client. */
public final class RelayCases {
  private RelayCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    cases.dispatcher(
        "UpstreamFault.sentence",
        Outcome.class,
        each -> UpstreamFault.sentence(Provider.FOUNDRY, (Outcome) each));
    cases.dispatcher(
        "UpstreamFault.code", Outcome.class, each -> UpstreamFault.code(false, (Outcome) each));
  }
}
