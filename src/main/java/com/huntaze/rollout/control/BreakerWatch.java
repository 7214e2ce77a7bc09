package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** The state of Foundry's circuit breaker and probe, as the event bus tells it. */
final class BreakerWatch {
  /** Openings that are further apart have nothing to do with each other. */
  private static final long OPENINGS_MILLIS = 600_000;

  /** A probe that has been down for less may be a blip's. */
  private static final long PROBE_CONFIRMS_MILLIS = 10_000;

  private final LongSupplier nowMillis;
  private final Deque<Long> openings = new ArrayDeque<>();
  private String breaker = "closed";
  private boolean trialFailed;
  private boolean up = true;
  private long downSince;
  private int users;
  private int usersLately;
  private int earlier;

  /**
   * @param nowMillis a monotonic clock
   */
  BreakerWatch(LongSupplier nowMillis) {
    this.nowMillis = nowMillis;
  }

  void listen(Bus bus) {
    bus.hear(ProviderAddresses.BREAKER_STATE, JsonObject.class, this::breaker);
    bus.hear(ProviderAddresses.PROBE_STATE, JsonObject.class, this::probe);
  }

  void breaker(JsonObject state) {
    if (!isFoundry(state)) {
      return;
    }
    String now = state.getString("state");
    users = state.getInteger("users", 0);
    usersLately = state.getInteger("usersLately", 0);
    earlier = state.getInteger("earlier", 0);
    trialFailed = !now.equals("closed") && (trialFailed || wasTried(now));
    if (breaker.equals("closed") && now.equals("open") && isOfMany()) {
      openings.addLast(nowMillis.getAsLong());
      // More than enough are no more than enough.
      if (openings.size() > BreakerFacts.MANY_OPENINGS) {
        openings.removeFirst();
      }
    }
    breaker = now;
  }

  private boolean wasTried(String now) {
    return breaker.equals("half_open") && now.equals("open");
  }

  private boolean isOfMany() {
    return users >= BreakerFacts.ENOUGH_USERS;
  }

  private void probe(JsonObject state) {
    if (isFoundry(state)) {
      boolean now = state.getBoolean("up");
      downSince = up && !now ? nowMillis.getAsLong() : downSince;
      up = now;
    }
  }

  private static boolean isFoundry(JsonObject state) {
    return Provider.FOUNDRY.label().equals(state.getString("provider"));
  }

  BreakerFacts facts() {
    long now = nowMillis.getAsLong();
    while (!openings.isEmpty() && now - openings.peekFirst() > OPENINGS_MILLIS) {
      openings.removeFirst();
    }
    boolean down = !up && now - downSince >= PROBE_CONFIRMS_MILLIS;
    return new BreakerFacts(
        breaker.equals("open"), down, trialFailed, users, usersLately, openings.size(), earlier);
  }

  /** A new rollout begins: what was tried before it says nothing of it. */
  void forget() {
    trialFailed = false;
    earlier = 0;
    openings.clear();
  }
}
