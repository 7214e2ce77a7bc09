package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An opening of Foundry's breaker that is no reason to lose a rollout: on the failures of one user,
 * and on those of an instant. The trials decide.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class BlipIT {
  @Parameter Wire wire;

  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final int FAILURES = 5;
  private static final int PER_SECOND = 40;

  private final List<JsonObject> published = new CopyOnWriteArrayList<>();
  private JudgedProxy canary;

  @BeforeEach
  void start() {
    JsonObject foundry =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("resetTimeout", "1s"));
    canary =
        new JudgedProxy(
            wire,
            "1h",
            new JsonObject().put("providers", new JsonObject().put("foundry", foundry)));
    canary
        .proxy()
        .vertx()
        .eventBus()
        .<JsonObject>consumer(
            ProviderAddresses.BREAKER_STATE, message -> published.add(message.body()));
    canary.set(100);
  }

  @AfterEach
  void stop() {
    canary.close();
  }

  private List<String> states() {
    return published.stream().map(body -> body.getString("state")).toList();
  }

  private void keptItsShare() {
    assertThat(canary.state().getInteger("percentage"))
        .as("%s, %s", canary.state().getString("reason"), canary.lastHealth())
        .isEqualTo(100);
  }

  private String servedBy(String user, String id) {
    return canary
        .post("X-User-ID", user, "X-Correlation-ID", id)
        .headers()
        .firstValue("X-AI-Provider")
        .orElse("");
  }

  @Test
  void oneUserWhoAlwaysFailsOpensTheBreakerAgainAndAgainAndCostsNoRollout() {
    for (int round = 0; round < 4; round++) {
      assertThat(servedBy("healthy", "well-" + round)).isEqualTo("foundry");
      for (int i = 0; i < FAILURES; i++) {
        canary.foundry().plan("ill-" + round + i, FAILING);
        assertThat(servedBy("poison", "ill-" + round + i)).isEqualTo("legacy");
      }
      int halves = 3 * round + 2;
      Waits.until(() -> published.size() == halves);
      assertThat(states().get(halves - 1)).isEqualTo("half_open");
      assertThat(published.get(halves - 1).getInteger("users")).isEqualTo(1);
      int asked = canary.atFoundry();
      // What failed whatever Foundry does is no trial of it while somebody else is here.
      canary.foundry().plan("trial-" + round, FAILING);
      assertThat(servedBy("poison", "trial-" + round)).isEqualTo("legacy");
      assertThat(canary.atFoundry()).isEqualTo(asked);
      assertThat(servedBy("healthy", "trial-of-another-" + round)).isEqualTo("foundry");
      Waits.until(() -> published.size() == halves + 1);
      assertThat(states().get(halves)).isEqualTo("closed");
    }
    keptItsShare();
  }

  @Test
  void anInstantOfFailuresCostsNoClientAnAnswerAndNoRollout() {
    try (PacedLoad load = new PacedLoad(wire, canary.proxy().port(), PER_SECOND)) {
      Waits.until(() -> load.begun() >= PER_SECOND && load.underWay() <= PER_SECOND / 10);
      RunningProxy.await(canary.foundry().become(FAILING));
      Waits.until(() -> states().contains("open"));
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      Waits.until(() -> states().contains("closed"));
      int closed = load.begun();
      Waits.until(() -> load.begun() >= closed + PER_SECOND);
      assertThat(PacedLoad.failures(load.end())).isZero();
    }
    assertThat(states()).containsExactly("open", "half_open", "closed");
    assertThat(published.get(0).getInteger("users")).isEqualTo(FAILURES);
    assertThat(published.get(0).getInteger("usersLately")).isGreaterThan(FAILURES);
    assertThat(published.get(0).getInteger("earlier")).isZero();
    keptItsShare();
  }

  /** It fails now and then, and then five times in a row: no outage that has just begun. */
  @Test
  void aBreakerThatOpensAmongOtherFailuresWaitsForNoTrial() {
    for (String each : List.of("ill-a", "well-a", "ill-b", "well-b", "1", "2", "3", "4", "5")) {
      boolean well = each.startsWith("well");
      if (!well) {
        canary.foundry().plan(each, FAILING);
      }
      assertThat(servedBy("user-" + each, each)).isEqualTo(well ? "foundry" : "legacy");
    }
    Waits.until(() -> !published.isEmpty());
    assertThat(published.get(0).getInteger("earlier")).isEqualTo(2);
    canary.waitUntil(state -> state.getInteger("percentage") == 0);
    assertThat(canary.state().getString("reason"))
        .contains("requests of 2 more had failed shortly before while others succeeded");
  }

  @Test
  void aDeadFoundryIsRolledBackAtItsFirstFailedTrial() {
    try (PacedLoad load = new PacedLoad(wire, canary.proxy().port(), PER_SECOND)) {
      Waits.until(() -> load.begun() >= PER_SECOND && load.underWay() <= PER_SECOND / 10);
      RunningProxy.await(canary.foundry().become(FAILING));
      canary.waitUntil(state -> state.getInteger("percentage") == 0);
      assertThat(PacedLoad.failures(load.end())).isZero();
    }
    assertThat(canary.state().getString("reason"))
        .contains("circuit breaker of foundry open on failures of")
        .contains("its trial failed, too");
    Waits.until(() -> states().size() >= 3);
    assertThat(states()).startsWith("open", "half_open", "open");
  }
}
