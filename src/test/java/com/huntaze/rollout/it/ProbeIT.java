package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Plain;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A router that hangs is found by its probe, and nobody who can be helped waits for it. */
@Tag("heavy")
class ProbeIT {
  private static final Duration BOUND = Duration.ofSeconds(5);

  /** Legacy's own time, on a busy machine. */
  private static final Duration LEGACY = Duration.ofSeconds(1);

  private Vertx vertx;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
  }

  private RunningProxy before(String foundry) {
    JsonObject settings = RunningProxy.before("foundry", foundry, legacy.url());
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("probe", new JsonObject().put("interval", "1s").put("timeout", "1s"));
    return RunningProxy.start(settings);
  }

  private static void isServedByLegacyInTime(RunningProxy proxy) throws Exception {
    long begun = System.nanoTime();
    HttpResponse<String> answer = proxy.post("/route", "{\"prompt\":\"hi\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains("legacy");
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isLessThan(Waits.bound(BOUND.plus(LEGACY)));
  }

  @Test
  void whatCanBeRepeatedMovesOnToLegacyAndTheRestWaits() throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    try (RunningProxy proxy = before(foundry.url())) {
      assertThat(proxy.post("/route", "{}").headers().firstValue("X-AI-Provider"))
          .contains("foundry");
      RunningProxy.await(foundry.become(Plain.ACCEPT_AND_HANG));
      RawClient job =
          new RawClient(proxy.port())
              .send(
                  "POST /jobs HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: job\r\n"
                      + "Content-Length: 2\r\n\r\n{}");
      isServedByLegacyInTime(proxy);
      assertThat(foundry.ledger().executions("job")).isEqualTo(1);
      assertThat(legacy.ledger().begun("job")).isZero();
      new Metered(proxy.adminPort()).awaitValue("rollout_requests_in_flight", 1);
      job.hangUp();
    }
  }

  @Test
  void aHeadWithoutABodyIsWaitedForNoLonger() throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    try (RunningProxy proxy = before(foundry.url())) {
      RunningProxy.await(foundry.become(Plain.HEAD_THEN_STALL));
      isServedByLegacyInTime(proxy);
    }
  }

  @Test
  void aStreamThatFellSilentBeforeItsContentIsReplaced() throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    try (RunningProxy proxy = before(foundry.url())) {
      new Metered(proxy.adminPort()).awaitValue("rollout_provider_up{provider=\"foundry\"}", 1);
      for (Plain silence : List.of(Plain.PREAMBLE_THEN_STALL, Plain.HEAD_THEN_STALL)) {
        // Its probe has been answered before, so that its silence is noticed.
        awaitProbe(foundry);
        RunningProxy.await(foundry.become(silence));
        long begun = System.nanoTime();
        HttpResponse<String> answer =
            proxy.post("/v1/chat/completions", "{\"stream\":true,\"messages\":[]}");
        assertThat(answer.headers().firstValue("X-AI-Provider")).contains("legacy");
        assertThat(answer.body()).contains("legacy").endsWith("data: [DONE]\n\n");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .isLessThan(Waits.bound(BOUND.plus(LEGACY)));
        RunningProxy.await(foundry.become(Plain.NONE));
      }
    }
  }

  @Test
  void aStreamThatThinksIsNotReplacedWhileItsProviderAnswersProbes() throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    try (RunningProxy proxy = before(foundry.url())) {
      awaitProbe(foundry);
      foundry.plan("thinks", Plain.PREAMBLE_THEN_STALL);
      try (RawClient client = new RawClient(proxy.port())) {
        client.send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: thinks\r\n"
                + "Content-Length: 15\r\n\r\n{\"stream\":true}");
        assertThat(client.readUntil("\r\n\r\n")).contains("X-AI-Provider: foundry");
      }
    }
  }

  @Test
  void aStreamIsReplacedWhenItsProviderAndTheProbeFellSilent() throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    try (RunningProxy proxy = before(foundry.url())) {
      awaitProbe(foundry);
      foundry.plan("silent", Plain.PREAMBLE_THEN_STALL);
      RunningProxy.await(foundry.become(Plain.BLACKHOLE_AFTER_HEAD));
      long begun = System.nanoTime();
      HttpResponse<String> answer =
          proxy.post(
              "/v1/chat/completions",
              "{\"stream\":true,\"messages\":[]}",
              "X-Correlation-ID",
              "silent");
      assertThat(answer.headers().firstValue("X-AI-Fallback")).contains("true");
      assertThat(answer.body()).contains("legacy").endsWith("data: [DONE]\n\n");
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isLessThan(Waits.bound(BOUND.plus(LEGACY)));
      assertThat(foundry.ledger().executions("silent")).isEqualTo(1);
    }
  }

  private static void awaitProbe(FaultyUpstream upstream) {
    int before = upstream.ledger().executions();
    Waits.until(() -> upstream.ledger().executions() >= before + 2);
  }

  @Test
  void aStoppedRouterProcessCostsNoMoreThanTheBound() throws Exception {
    PythonRouter.require();
    try (PythonRouter router = PythonRouter.start(Map.of());
        RunningProxy proxy = before("http://127.0.0.1:" + router.port())) {
      assertThat(
              proxy
                  .post("/route", "{\"prompt\":\"hi\"}", "Content-Type", "application/json")
                  .headers()
                  .firstValue("X-AI-Provider"))
          .contains("foundry");
      int stopped =
          new ProcessBuilder("kill", "-STOP", Long.toString(router.process().pid()))
              .start()
              .waitFor();
      assertThat(stopped).isZero();
      isServedByLegacyInTime(proxy);
    }
  }
}
