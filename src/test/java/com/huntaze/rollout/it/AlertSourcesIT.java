package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider's behaviour, as the alerts tell it. */
class AlertSourcesIT {
  private final List<String> alerts = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
  }

  /** Legacy is known long before a failing provider is. */
  private RunningProxy proxy(JsonObject changes) {
    JsonObject settings = RunningProxy.before("foundry", foundry.url(), legacy.url());
    JsonObject providers = settings.getJsonObject("providers");
    providers.getJsonObject("foundry").mergeIn(changes, true);
    providers
        .getJsonObject("legacy")
        .put("probe", new JsonObject().put("interval", "50ms").put("timeout", "5s"));
    RunningProxy proxy = RunningProxy.start(settings);
    proxy
        .vertx()
        .eventBus()
        .<JsonObject>consumer("rollout.alert", alert -> alerts.add(line(alert.body())));
    return proxy;
  }

  private static String line(JsonObject alert) {
    return "%s, %s, %s: %s"
        .formatted(
            alert.getString("severity"),
            alert.getString("kind"),
            alert.getString("subject"),
            alert.getString("sentence"));
  }

  @Test
  void aProviderThatFallsSilentAndComesBackIsToldOfTwice() {
    JsonObject probe = new JsonObject().put("interval", "50ms").put("timeout", "500ms");
    try (RunningProxy proxy = proxy(new JsonObject().put("probe", probe))) {
      assertThat(proxy.port()).isPositive();
      RunningProxy.await(foundry.become(Plain.ACCEPT_AND_HANG));
      Waits.until(() -> alerts.size() == 1);
      RunningProxy.await(foundry.become(Plain.NONE));
      Waits.until(() -> alerts.size() == 2);
      assertThat(alerts)
          .containsExactly(
              "critical, provider_down, provider foundry: Provider foundry is down, after 2 failed"
                  + " probes in a row: GET /health has no answer within 500ms; legacy answers.",
              "info, provider_up, provider foundry: Provider foundry answers its probe again.");
    }
  }

  @Test
  void aBreakerIsToldOfWhenItOpensFailsItsTrialAndCloses() throws Exception {
    JsonObject changes =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put(
                "circuitBreaker",
                new JsonObject().put("maxFailures", 3).put("resetTimeout", "300ms"));
    RunningProxy.await(foundry.become(new Status(500, Map.of(), "no")));
    try (RunningProxy proxy = proxy(changes)) {
      while (alerts.size() < 2) {
        proxy.post("/route", "{\"prompt\":\"hi\"}");
      }
      RunningProxy.await(foundry.become(Plain.NONE));
      while (!alerts.get(alerts.size() - 1).startsWith("info")) {
        proxy.post("/route", "{\"prompt\":\"hi\"}");
      }
      String open = "warning, breaker_open, breaker foundry: Circuit breaker of foundry is open, ";
      assertThat(alerts.get(0))
          .startsWith(open + "3 requests in a row have failed (3 answers 500), of ")
          .contains(", legacy's is closed: nothing is sent");
      assertThat(alerts.get(1)).startsWith(open + "its trial has failed (1 answer 500), legacy's");
      assertThat(alerts.get(alerts.size() - 1))
          .isEqualTo(
              "info, breaker_closed, breaker foundry: Circuit breaker of foundry is closed: a"
                  + " trial has succeeded, requests pass.");
    }
  }
}
