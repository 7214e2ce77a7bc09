package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
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

/** Foundry's circuit breaker, as clients, other verticles and metrics see it. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class BreakerIT {
  @Parameter Wire wire;

  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final int FAILURES = 5;

  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;
  private RunningProxy proxy;
  private final List<String> published = new CopyOnWriteArrayList<>();

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

  private static JsonObject never() {
    return new JsonObject().put("max", 0);
  }

  private void proxy(String resetTimeout) {
    proxy(resetTimeout, never(), new JsonObject());
  }

  private void proxy(String resetTimeout, JsonObject retry, JsonObject changes) {
    JsonObject settings =
        RunningProxy.before("foundry", foundry.url(), legacy.url()).mergeIn(changes, true);
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("retry", retry)
        .put("circuitBreaker", new JsonObject().put("resetTimeout", resetTimeout));
    proxy = RunningProxy.start(wire, settings);
    proxy
        .vertx()
        .eventBus()
        .<JsonObject>consumer(
            ProviderAddresses.BREAKER_STATE,
            message -> published.add(message.body().getString("state")));
  }

  private HttpResponse<String> post() throws Exception {
    return proxy.post("/route", "{\"prompt\":\"hi\"}");
  }

  private void servedByLegacy() throws Exception {
    HttpResponse<String> answer = post();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains("legacy");
    assertThat(answer.headers().firstValue("X-AI-Reason")).contains("fallback");
  }

  private void fail() throws Exception {
    RunningProxy.await(foundry.become(FAILING));
    for (int i = 0; i < FAILURES; i++) {
      servedByLegacy();
    }
  }

  private String state() {
    JsonArray all =
        RunningProxy.await(
                proxy.vertx().eventBus().<JsonArray>request(ProviderAddresses.BREAKER_GET, null))
            .body();
    return all.stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("provider").equals("foundry"))
        .map(one -> one.getString("state"))
        .findFirst()
        .orElseThrow();
  }

  private TextClient open(String id) throws Exception {
    return proxy
        .client()
        .send(
            "POST /route HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: %s\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(id));
  }

  @Test
  void sendsNothingToFoundryAfterFiveConsecutiveFailures() throws Exception {
    proxy("30s");
    fail();
    assertThat(foundry.ledger().executions()).isEqualTo(FAILURES);
    for (int i = 0; i < 20; i++) {
      servedByLegacy();
    }
    assertThat(foundry.ledger().executions()).isEqualTo(FAILURES);
    assertThat(state()).isEqualTo("open");
    Waits.until(() -> published.equals(List.of("open")));
    assertThat(new JsonArray(proxy.admin("GET", "/api/v1/providers", null).body()))
        .isEqualTo(
            new JsonArray().add(provider("foundry", "open")).add(provider("legacy", "closed")));
    String series = "rollout_breaker_state{provider=\"foundry\",state=\"%s\"}";
    Metered metered = new Metered(proxy.adminPort());
    metered.awaitValue(series.formatted("open"), 1);
    metered.awaitValue(series.formatted("closed"), 0);
  }

  private static JsonObject provider(String name, String breaker) {
    JsonObject address = new JsonObject().put("address", "127.0.0.1").put("failing", false);
    return new JsonObject()
        .put("provider", name)
        .put("breaker", breaker)
        .put("up", true)
        .put("addresses", new JsonArray().add(address));
  }

  @Test
  void theRetriesOfOneRequestAreOneFailure() throws Exception {
    JsonObject retry = new JsonObject().put("max", 3).put("delay", "1ms");
    JsonObject budget = new JsonObject().put("perSecond", 1_000);
    proxy("30s", retry, new JsonObject().put("retryBudget", budget));
    RunningProxy.await(foundry.become(FAILING));
    for (int i = 0; i < FAILURES - 1; i++) {
      servedByLegacy();
    }
    assertThat(foundry.ledger().executions()).isEqualTo((FAILURES - 1) * 4);
    assertThat(state()).isEqualTo("closed");
    servedByLegacy();
    assertThat(state()).isEqualTo("open");
  }

  @Test
  void staysClosedWhenASuccessComesBetweenFailures() throws Exception {
    proxy("30s");
    for (int round = 0; round < 3; round++) {
      RunningProxy.await(foundry.become(FAILING));
      for (int i = 0; i < FAILURES - 1; i++) {
        servedByLegacy();
      }
      RunningProxy.await(foundry.become(Plain.NONE));
      assertThat(post().headers().firstValue("X-AI-Provider")).contains("foundry");
    }
    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void letsOneTrialThroughAndClosesWhenOneSucceeds() throws Exception {
    proxy("1s");
    fail();
    Waits.until(() -> state().equals("half_open"));
    foundry.plan("trial", Plain.ACCEPT_AND_HANG);
    RunningProxy.await(foundry.become(Plain.NONE));
    TextClient trial = open("trial");
    Waits.until(() -> foundry.ledger().executions("trial") == 1);
    servedByLegacy();
    assertThat(foundry.ledger().executions()).isEqualTo(FAILURES + 1);
    // A client that leaves says nothing of the provider: the next one may try.
    trial.hangUp();
    Waits.until(() -> foundry.ledger().openConnections() == 0);
    Waits.until(() -> servedBy().equals("foundry"));
    assertThat(state()).isEqualTo("closed");
    Waits.until(() -> published.equals(List.of("open", "half_open", "closed")));
  }

  private String servedBy() {
    try {
      return post().headers().firstValue("X-AI-Provider").orElse("");
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void opensAgainWhenTheTrialFails() throws Exception {
    proxy("1s");
    fail();
    Waits.until(() -> state().equals("half_open"));
    servedByLegacy();
    assertThat(foundry.ledger().executions()).isEqualTo(FAILURES + 1);
    assertThat(state()).isEqualTo("open");
    Waits.until(() -> state().equals("half_open"));
    assertThat(published).startsWith("open", "half_open", "open");
  }

  @Test
  void aThrottledTrialNeitherDecidesNorHoldsThePlace() throws Exception {
    proxy("1s");
    fail();
    Waits.until(() -> state().equals("half_open"));
    RunningProxy.await(foundry.become(new Status(429, Map.of(), "later")));
    servedByLegacy();
    servedByLegacy();
    assertThat(foundry.ledger().executions()).isEqualTo(FAILURES + 2);
    assertThat(state()).isEqualTo("half_open");
  }

  private TextClient openStream(String id) throws Exception {
    return proxy
        .client()
        .send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: %s\r\n"
                    .formatted(id)
                + "Content-Length: 15\r\n\r\n{\"stream\":true}");
  }

  /** Begins the trial of a half-open breaker: a stream with this fault. */
  private TextClient trialStream(Plain fault) throws Exception {
    fail();
    Waits.until(() -> state().equals("half_open"));
    foundry.plan("trial", fault);
    RunningProxy.await(foundry.become(Plain.NONE));
    TextClient trial = openStream("trial");
    Waits.until(() -> foundry.ledger().executions("trial") == 1);
    return trial;
  }

  private static JsonObject shortHold() {
    return new JsonObject()
        .put("server", new JsonObject().put("holdBack", "100ms"))
        .put("timeouts", new JsonObject().put("toFirstContent", "4s").put("fallbackReserve", "1s"));
  }

  @Test
  void aTrialThatIsALongStreamHasSucceededWithItsFirstContent() throws Exception {
    proxy("1s", never(), shortHold());
    try (TextClient trial = trialStream(Plain.CONTENT_THEN_STALL)) {
      trial.readUntil("served by foundry");
      Waits.until(() -> state().equals("closed"));
      assertThat(servedBy()).isEqualTo("foundry");
      assertThat(published).doesNotHaveDuplicates();
    }
  }

  @Test
  void aTrialStreamThatNeverHasContentKeepsItsPlaceAndFails() throws Exception {
    proxy("1s", never(), shortHold());
    try (TextClient trial = trialStream(Plain.PREAMBLE_THEN_STALL)) {
      // Its head has come and gone on to the client, which proves nothing yet.
      trial.readUntil("\"role\":\"assistant\"");
      servedByLegacy();
      assertThat(state()).isEqualTo("half_open");
      servedByLegacy();
      assertThat(foundry.ledger().executions()).isEqualTo(FAILURES + 1);
      assertThat(trial.readToEnd()).contains("\"code\":\"TIMEOUT\"").doesNotContain("[DONE]");
      Waits.until(() -> published.equals(List.of("open", "half_open", "open")));
    }
  }

  @Test
  void aTrialStreamWhoseClientLeavesGivesItsPlaceBack() throws Exception {
    proxy("1s", never(), shortHold());
    TextClient trial = trialStream(Plain.PREAMBLE_THEN_STALL);
    trial.readUntil("\"role\":\"assistant\"");
    servedByLegacy();
    trial.hangUp();
    Waits.until(() -> servedBy().equals("foundry"));
    assertThat(state()).isEqualTo("closed");
    assertThat(published).containsExactly("open", "half_open", "closed");
  }

  @Test
  void aLateSuccessDoesNotCloseIt() throws Exception {
    proxy("30s");
    foundry.plan("late", new DelayHead(1_500));
    try (TextClient late = open("late")) {
      Waits.until(() -> foundry.ledger().executions("late") == 1);
      fail();
      assertThat(late.readUntil("served_by")).startsWith("HTTP/1.1 200");
    }
    assertThat(state()).isEqualTo("open");
  }
}
