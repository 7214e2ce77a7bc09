package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.control.CanaryClient;
import com.huntaze.rollout.control.CanaryClient.Decision;
import com.huntaze.rollout.control.CanaryClient.Outcome;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A verticle that calls the providers itself: it asks who, and tells what became of it. */
class CanaryClientIT {
  private JudgedProxy canary;
  private final CallingVerticle calling = new CallingVerticle();

  /** Of another team: it has its own way to the providers and shares the rollout. */
  private static final class CallingVerticle extends VerticleBase {
    private final List<String> alerts = new CopyOnWriteArrayList<>();
    private CanaryClient client;

    @Override
    public Future<?> start() {
      client = new CanaryClient(vertx, "calling");
      return client.onAlert(alert -> alerts.add(alert.getString("kind"))).completion();
    }

    /** Decides for so many users and tells that all went well, or that Foundry failed. */
    Future<Integer> calls(int users, boolean foundryFails) {
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < users; i++) {
        String user = "user-" + i;
        outcomes.add(
            client.decide("r-" + i, user).map(decided -> outcome(decided, user, foundryFails)));
      }
      return Future.all(outcomes).compose(all -> client.outcomes(all.list()));
    }

    private static Outcome outcome(Decision decided, String user, boolean foundryFails) {
      boolean fails = foundryFails && decided.provider() == Provider.FOUNDRY;
      return new Outcome(decided, !fails, 120, 1_500_000L, "gpt", user);
    }
  }

  @BeforeEach
  void start() {
    canary = new JudgedProxy("300ms", new JsonObject());
    RunningProxy.await(canary.proxy().vertx().deployVerticle(calling));
  }

  @AfterEach
  void stop() {
    canary.close();
  }

  @Test
  void itsOutcomesPromoteTheRollout() {
    RunningProxy.await(calling.client.command("start", "by another team"));
    assertThat(RunningProxy.await(calling.calls(400, false))).isEqualTo(400);
    JsonObject state = canary.waitUntil(JudgedProxy.phase("canary_50"));
    assertThat(state.getString("reason")).contains("by auto");
    JsonObject foundry =
        RunningProxy.await(calling.client.transitions())
            .getJsonObject(1)
            .getJsonObject("evidence")
            .getJsonObject("foundry");
    assertThat(foundry.getLong("requestCount")).isBetween(150L, 250L);
    assertThat(foundry.getDouble("avgCostPerRequest")).isEqualTo(0.0015);
    assertThat(foundry.getJsonObject("modelBreakdown").containsKey("gpt")).isTrue();
    Waits.until(() -> calling.alerts.contains("promotion"));
  }

  @Test
  void itsFailuresRollTheRolloutBack() {
    RunningProxy.await(calling.client.command("start", ""));
    RunningProxy.await(calling.calls(100, true));
    JsonObject state = canary.waitUntil(JudgedProxy.phase("rollback"));
    assertThat(state.getString("reason")).contains("error rate 100.0 %");
    Waits.until(() -> calling.alerts.contains("rollback"));
    Throwable refused =
        catchThrowable(() -> RunningProxy.await(calling.client.set(10, "once more")));
    assertThat(refused).hasMessageContaining("set: rolled back");
  }

  @Test
  void outcomesOfAnEarlierRolloutCountNowhere() {
    RunningProxy.await(calling.client.command("start", ""));
    Decision old = RunningProxy.await(calling.client.decide("r", "user-1"));
    RunningProxy.await(calling.client.command("rollback", ""));
    RunningProxy.await(calling.client.command("start", ""));
    List<Outcome> late = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Decision decided = new Decision(Provider.FOUNDRY, 50, "canary_10", old.epoch(), old.stage());
      late.add(new Outcome(decided, false, 1, null, null, "late-" + i));
    }
    assertThat(RunningProxy.await(calling.client.outcomes(late))).as("counted").isZero();
    RunningProxy.await(calling.calls(60, false));
    canary.waitUntil(state -> JudgedProxy.requests(state, "foundry") > 10);
    assertThat(JudgedProxy.errors(canary.state(), "foundry")).isZero();
    assertThat(canary.state().getString("phase")).isNotEqualTo("rollback");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | provider: null (expected: foundry or legacy)",
        "{\"provider\":\"azure\"} | provider: azure (expected: foundry or legacy)",
        "{\"provider\":\"foundry\"} | success: null (expected: true or false)",
        "{\"provider\":\"foundry\",\"success\":true,\"latencyMillis\":-1} | latencyMillis: -1",
        "{\"provider\":\"foundry\",\"success\":true,\"latencyMillis\":1.5} | latencyMillis: 1.5",
        "{\"provider\":\"foundry\",\"success\":true,\"latencyMillis\":1,\"costNanoUsd\":-5} |"
            + " costNanoUsd: -5",
        "{\"provider\":\"foundry\",\"success\":true,\"latencyMillis\":1} | epoch: missing",
        "{\"provider\":\"foundry\",\"success\":true,\"latencyMillis\":1,\"epoch\":\"1-a\"} |"
            + " stage: null",
        "{\"provider\":\"foundry\",\"success\":true,\"latencyMillis\":1,\"epoch\":7} | epoch: 7"
      })
  void refusesAnOutcomeThatIsNone(String body, String sentence) {
    JsonArray list = new JsonArray().add(new JsonObject(body.strip()));
    for (Object sent : List.of(list, list.getJsonObject(0))) {
      Throwable refused = catchThrowable(() -> canary.ask("rollout.outcome", sent));
      assertThat(refused).hasMessageContaining(sentence.strip());
    }
  }
}
