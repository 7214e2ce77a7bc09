package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A request whose providers both fail: who is asked, how often, and what the client is told. */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class BothFailingIT {
  @Parameter Wire wire;

  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final int FAILURES = 5;

  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;
  private RunningProxy proxy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    proxy.close();
    RunningProxy.await(vertx.close());
  }

  private void proxy(String mode, JsonObject changes) {
    proxy =
        RunningProxy.start(
            wire, RunningProxy.before(mode, foundry.url(), legacy.url()).mergeIn(changes, true));
  }

  private static JsonObject withoutRetries() {
    JsonObject quick = new JsonObject().put("retry", new JsonObject().put("max", 0));
    return new JsonObject()
        .put("providers", new JsonObject().put("foundry", quick).put("legacy", quick.copy()));
  }

  private static JsonObject onlyLegacyRetries() {
    JsonObject changes = withoutRetries();
    changes.getJsonObject("providers").remove("legacy");
    return changes;
  }

  /** The states of both breakers, Foundry's first. */
  private String breakers() throws IOException {
    return new JsonArray(proxy.admin("GET", "/api/v1/providers", null).body())
        .stream()
            .map(provider -> ((JsonObject) provider).getString("breaker"))
            .collect(Collectors.joining(" "));
  }

  private HttpResponse<String> post() {
    try {
      return proxy.post("/route", "{\"prompt\":\"hi\"}");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Has Foundry's breaker open while legacy answers. */
  private void openFoundry() {
    RunningProxy.await(foundry.become(FAILING));
    for (int i = 0; i < FAILURES; i++) {
      assertThat(post().headers().firstValue("X-AI-Provider")).contains("legacy");
    }
    assertThat(post().headers().firstValue("X-AI-Provider")).contains("legacy");
    assertThat(foundry.ledger().executions()).isEqualTo(FAILURES);
  }

  @Test
  void foundryIsTriedThoughItsBreakerIsOpenBeforeTheClientGetsAnError() {
    proxy("foundry", withoutRetries());
    openFoundry();
    RunningProxy.await(foundry.become(Plain.NONE));
    RunningProxy.await(legacy.become(FAILING));
    HttpResponse<String> answer = post();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains("foundry");
    assertThat(answer.headers().firstValue("X-AI-Reason")).contains("mode");
    assertThat(answer.headers().firstValue("X-AI-Fallback")).isEmpty();
    assertThat(post().headers().firstValue("X-AI-Provider")).contains("foundry");
    assertThat(legacy.ledger().executions()).as("closed by that").isEqualTo(FAILURES + 2);
  }

  @Test
  void oneTrialAtATimeGoesToAnOpenFoundry() {
    proxy("foundry", withoutRetries());
    openFoundry();
    RunningProxy.await(foundry.become(Plain.ACCEPT_AND_HANG));
    RunningProxy.await(legacy.become(FAILING));
    List<CompletableFuture<HttpResponse<String>>> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(CompletableFuture.supplyAsync(this::post));
    }
    Waits.until(() -> clients.stream().filter(CompletableFuture::isDone).count() >= 1);
    assertThat(foundry.ledger().executions()).isEqualTo(FAILURES + 1);
    clients.stream()
        .filter(CompletableFuture::isDone)
        .map(CompletableFuture::join)
        .forEach(answer -> assertThat(answer.statusCode()).isEqualTo(500));
  }

  /** A request that stays at legacy, and holds the one place that its failures have left. */
  private TextClient holding(String id) throws Exception {
    legacy.plan(id, Plain.ACCEPT_AND_HANG);
    TextClient client =
        proxy
            .client()
            .send(
                "POST /route HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: %s\r\n".formatted(id)
                    + "Content-Length: 2\r\n\r\n{}");
    Waits.until(() -> legacy.ledger().executions(id) == 1);
    return client;
  }

  @Test
  void aPlaceAtLegacyIsWaitedForThoughFoundryHasFailedMeanwhile() throws Exception {
    proxy("foundry", onlyLegacyRetries());
    openFoundry();
    RunningProxy.await(legacy.become(FAILING));
    Waits.until(this::breakers, "open open"::equals, this::post);
    for (int i = 0; i < FAILURES; i++) {
      assertThat(post().statusCode()).isEqualTo(500);
    }
    RunningProxy.await(legacy.become(Plain.NONE));
    TextClient holder = holding("holds");
    HttpResponse<String> answer = post();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains("legacy");
    holder.close();
  }

  @Test
  void aClientIsToldThatTheFallbackFailedWhereOneWasMade() {
    proxy("foundry", withoutRetries());
    RunningProxy.await(foundry.become(Plain.REFUSE));
    RunningProxy.await(legacy.become(Plain.REFUSE));
    for (int i = 0; i < 2 * FAILURES; i++) {
      JsonObject error = new JsonObject(post().body()).getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("FALLBACK_FAILED");
      assertThat(error.getBoolean("fallbackUsed")).isTrue();
    }
  }

  @Test
  void noFallbackFailedWhereNoneWasMade() {
    proxy("legacy", withoutRetries());
    RunningProxy.await(legacy.become(Plain.REFUSE));
    for (int i = 0; i < 3 * FAILURES; i++) {
      HttpResponse<String> answer = post();
      JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("FOUNDRY_UNAVAILABLE");
      assertThat(error.getBoolean("fallbackUsed")).isFalse();
      assertThat(error.getString("message")).startsWith("legacy: ");
    }
    assertThat(foundry.ledger().connections()).isZero();
  }

  private Map<String, Integer> load(int requests) {
    try (PacedLoad load = new PacedLoad(wire, proxy.port(), 100)) {
      Waits.until(() -> load.begun() >= requests);
      return load.end();
    }
  }

  private void throttledByBoth(Map<String, String> headers) {
    proxy("foundry", new JsonObject());
    RunningProxy.await(foundry.become(new Status(429, headers, "later")));
    RunningProxy.await(legacy.become(new Status(429, headers, "later")));
    long begun = System.nanoTime();
    Map<String, Integer> counts = load(400);
    double seconds = (System.nanoTime() - begun) / 1e9;
    int requests = counts.values().stream().mapToInt(Integer::intValue).sum();
    int attempts = foundry.ledger().executions() + legacy.ledger().executions();
    System.out.printf("Both answer 429: %s, %d attempts in %.1f s%n", counts, attempts, seconds);
    assertThat(counts.keySet()).allMatch(answer -> answer.startsWith("429 "));
    // 20 % of the requests while they come, 10 a second after that, and at the start what was on
    // its way before the first 429 of legacy was known.
    double budget = 0.2 * requests + 10 * seconds + 20;
    assertThat(attempts).isLessThanOrEqualTo((int) (requests + budget));
  }

  @Test
  void attemptsStayWithinTheBudgetWhereBothAreThrottled() {
    throttledByBoth(Map.of());
  }

  @Test
  void attemptsStayWithinTheBudgetWhereBothAreThrottledAndHintAtARetry() {
    throttledByBoth(Map.of("Retry-After", "1"));
  }

  @Test
  void legacyAnswersAllThatAThrottledFoundryDoesNot() {
    proxy("foundry", new JsonObject());
    RunningProxy.await(foundry.become(new Status(429, Map.of(), "later")));
    assertThat(load(200).keySet()).containsExactly("200 legacy");
  }
}
