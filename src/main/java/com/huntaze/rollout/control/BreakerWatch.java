package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.vertx.core.json.JsonObject;

/** The state of Foundry's circuit breaker and probe, as the event bus tells it. */
final class BreakerWatch {
  private String breaker = "closed";
  private boolean trialFailed;
  private boolean up = true;

  void listen(Bus bus) {
    bus.hear(ProviderAddresses.BREAKER_STATE, JsonObject.class, this::breaker);
    bus.hear(ProviderAddresses.PROBE_STATE, JsonObject.class, this::probe);
  }

  private void breaker(JsonObject state) {
    if (isFoundry(state)) {
      String now = state.getString("state");
      trialFailed = !now.equals("closed") && (trialFailed || wasTried(now));
      breaker = now;
    }
  }

  private boolean wasTried(String now) {
    return breaker.equals("half_open") && now.equals("open");
  }

  private void probe(JsonObject state) {
    if (isFoundry(state)) {
      up = state.getBoolean("up");
    }
  }

  private static boolean isFoundry(JsonObject state) {
    return Provider.FOUNDRY.label().equals(state.getString("provider"));
  }

  BreakerFacts facts() {
    return new BreakerFacts(breaker.equals("open"), !up, trialFailed);
  }

  /** A new rollout begins: what was tried before it says nothing of it. */
  void forget() {
    trialFailed = false;
  }
}
