package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the verdict on Foundry is left alone: by every event loop, and by what is under way. */
@Tag("heavy")
@Tag("full")
class RollbackInForceIT {
  private static final int LOOPS = 4;
  private static final int RUNS = Boolean.getBoolean("rollout.heavy") ? 20 : 1;

  /** The figure is 100 ms; a busy machine must not fail the test. */
  private static final Duration BOUND = Duration.ofSeconds(1);

  private static final Status FAILING = new Status(500, Map.of(), "no");

  private static JsonObject foundry(JsonObject retry) {
    return new JsonObject()
        .put("retry", retry)
        .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
  }

  private static JsonObject settings(JsonObject retry) {
    return new JsonObject()
        .put("server", new JsonObject().put("eventLoops", LOOPS))
        .put("providers", new JsonObject().put("foundry", foundry(retry)));
  }

  /**
   * Returns the number of requests that each event loop has sent to Foundry, by the name of its
   * source.
   */
  private static Map<String, Long> perLoop(JudgedProxy canary) {
    Map<String, Long> observed = new ConcurrentHashMap<>();
    canary
        .proxy()
        .vertx()
        .eventBus()
        .<SourceReport>localConsumer(
            CanaryAddresses.ROWS,
            message -> {
              for (MetricsRow row : message.body().rows()) {
                if (row.source().startsWith("proxy-")) {
                  observed.merge(row.source(), row.observed(Provider.FOUNDRY), Math::max);
                }
              }
            });
    return observed;
  }

  @Test
  void aRollbackIsInForceOnEveryEventLoopSoonAfterTheVerdict() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      millis.add(millisToForce());
    }
    System.out.println("In force after the verdict, ms: " + millis.stream().sorted().toList());
    // Less than nothing: the last request came before the verdict, but not long before it.
    long bound = Waits.bound(BOUND).toMillis();
    assertThat(millis).allMatch(each -> Math.abs(each) < bound);
  }

  /** From the verdict until the last request came to Foundry, while hundreds a second come. */
  private static long millisToForce() throws Exception {
    try (JudgedProxy canary = new JudgedProxy("1h", settings(quickly()))) {
      Map<String, Long> perLoop = perLoop(canary);
      canary.command("start");
      try (SteadyLoad load = new SteadyLoad(canary.proxy().port(), 64, Duration.ofMillis(20))) {
        Waits.until(
            () -> perLoop.size() == LOOPS && perLoop.values().stream().allMatch(n -> n > 20));
        long begun = System.nanoTime();
        int before = load.all();
        RunningProxy.await(canary.foundry().become(FAILING));
        canary.waitUntil(phase("rollback"));
        int then = load.of("200 legacy");
        Waits.until(() -> load.of("200 legacy") > then + 400);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("%.0f requests a second%n", (load.all() - before) / seconds);
        long verdict =
            Instant.parse(canary.transitions().getJsonObject(1).getString("at")).toEpochMilli();
        return canary.foundry().ledger().lastBegun() - verdict;
      }
    }
  }

  private static CompletableFuture<HttpResponse<String>> post(JudgedProxy canary, String id) {
    return CompletableFuture.supplyAsync(() -> canary.post("X-Correlation-ID", id));
  }

  private static JsonObject quickly() {
    return new JsonObject().put("max", 3).put("delay", "10ms");
  }

  private static JsonObject slowly() {
    return new JsonObject().put("max", 3).put("delay", "1s");
  }

  @Test
  void whoWaitsForARetryAtFoundryGoesToLegacyInstead() {
    try (JudgedProxy canary = new JudgedProxy("1h", settings(slowly()))) {
      canary.set(100);
      canary.foundry().plan("waits", FAILING);
      CompletableFuture<HttpResponse<String>> waits = post(canary, "waits");
      Waits.until(() -> canary.foundry().ledger().executions("waits") == 1);
      canary.command("rollback");
      HttpResponse<String> answer = waits.join();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-AI-Reason")).contains("fallback");
      assertThat(canary.foundry().ledger().executions("waits")).isEqualTo(1);
    }
  }

  @Test
  void whatFoundryIsStillAnsweringMayEndWell() {
    try (JudgedProxy canary = new JudgedProxy("1h", settings(slowly()))) {
      canary.set(100);
      canary.foundry().plan("lasts", new DelayHead(500));
      CompletableFuture<HttpResponse<String>> lasts = post(canary, "lasts");
      Waits.until(() -> canary.foundry().ledger().executions("lasts") == 1);
      canary.command("rollback");
      HttpResponse<String> answer = lasts.join();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-AI-Provider")).contains("foundry");
    }
  }

  @Test
  void withoutFallbackARolledBackFoundryIsTheOnlyOneToAskAgain() {
    JsonObject alone =
        settings(new JsonObject().put("max", 3).put("delay", "200ms"))
            .put("fallback", new JsonObject().put("enabled", false));
    try (JudgedProxy canary = new JudgedProxy("1h", alone)) {
      canary.set(100);
      canary.foundry().plan("alone", FAILING);
      CompletableFuture<HttpResponse<String>> waits = post(canary, "alone");
      Waits.until(() -> canary.foundry().ledger().executions("alone") == 1);
      canary.command("rollback");
      assertThat(waits.join().statusCode()).isEqualTo(500);
      assertThat(canary.foundry().ledger().executions("alone")).isEqualTo(4);
    }
  }
}
