package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.it.FailoverCell.Expected;
import com.huntaze.rollout.it.FailoverCell.Route;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged jar, as a process of its own, before a Foundry that breaks in every way: kind of
 * fault and phase, kind of request, fallback on and off. The cells of one proxy run all at once.
 */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class FailoverMatrixIT {
  @Parameter Wire of;

  private static final AtomicInteger IDS = new AtomicInteger();
  private static Wire wire;
  private static Vertx vertx;
  private static FaultyUpstream foundry;
  private static FaultyUpstream legacy;
  private static ExecutorService clients;

  @BeforeParameterizedClassInvocation
  static void start(Wire of) {
    wire = of;
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
    clients = Executors.newCachedThreadPool();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    clients.shutdownNow();
    RunningProxy.await(vertx.close());
  }

  @TestFactory
  Stream<DynamicTest> withFallbackTheClientGetsAWholeAnswerWheneverOneCanBeHad() throws Exception {
    return matrix(true);
  }

  @TestFactory
  Stream<DynamicTest> withoutFallbackTheClientIsToldWhatHappened() throws Exception {
    return matrix(false);
  }

  private static Stream<DynamicTest> matrix(boolean fallback) throws Exception {
    ProxyProcess proxy = proxy(fallback);
    List<DynamicTest> tests = new ArrayList<>();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (FailoverCell cell : FailoverCell.all(fallback)) {
      CompletableFuture<Void> run = run(proxy, cell);
      running.add(run);
      tests.add(DynamicTest.dynamicTest(cell.name(), () -> join(run)));
    }
    CompletableFuture<Void> gone =
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
            .handle((done, failed) -> RunningProxy.await(foundry.become(Plain.REFUSE)));
    for (FailoverCell cell : FailoverCell.refused(fallback)) {
      CompletableFuture<Void> run = gone.thenCompose(refuses -> run(proxy, cell));
      running.add(run);
      tests.add(DynamicTest.dynamicTest(cell.name(), () -> join(run)));
    }
    CompletableFuture<Void> bothGone =
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
            .handle((done, failed) -> RunningProxy.await(legacy.become(Plain.REFUSE)));
    for (FailoverCell cell : FailoverCell.refusedByBoth(fallback)) {
      CompletableFuture<Void> run = bothGone.thenCompose(refuses -> run(proxy, cell));
      tests.add(DynamicTest.dynamicTest(cell.name(), () -> join(run)));
    }
    tests.add(
        DynamicTest.dynamicTest("nothing is left of it in the process", () -> isQuiet(proxy)));
    return tests.stream()
        .onClose(
            () -> {
              proxy.close();
              RunningProxy.await(foundry.become(Plain.NONE));
              RunningProxy.await(legacy.become(Plain.NONE));
            });
  }

  private static void join(CompletableFuture<Void> run) {
    try {
      run.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof AssertionError told) {
        throw told;
      }
      throw failed;
    }
  }

  private static CompletableFuture<Void> run(ProxyProcess proxy, FailoverCell cell) {
    return CompletableFuture.runAsync(() -> checkNamed(proxy.port(), cell), clients);
  }

  /** The reports know the cells by their numbers alone. */
  private static void checkNamed(int port, FailoverCell cell) {
    try {
      check(port, cell);
    } catch (AssertionError failed) {
      throw new AssertionError(cell.name() + ": " + failed.getMessage(), failed);
    }
  }

  private static void check(int port, FailoverCell cell) {
    String id = "cell-" + IDS.incrementAndGet();
    foundry.plan(id, cell.fault());
    legacy.plan(id, cell.legacyFault());
    RawAnswer answer = ask(wire, port, cell.route(), id);
    assertThat(answer.rest()).as("after the answer").isEmpty();
    assertThat(answer.header("x-correlation-id")).isEqualTo(id);
    saysWhetherToRepeat(answer, cell.route());
    switch (cell.expected()) {
      case FOUNDRY -> isWhole(answer, cell.route(), "foundry");
      case LEGACY -> isWhole(answer, cell.route(), "legacy");
      case VERBATIM -> isVerbatim(answer, cell, cell.fault(), "foundry");
      case LEGACY_VERBATIM -> isVerbatim(answer, cell, cell.legacyFault(), "legacy");
      case BOTH_FAILED -> isOurs(answer, 502, "FALLBACK_FAILED", true);
      case UNAVAILABLE -> isOurs(answer, 503, "FOUNDRY_UNAVAILABLE", false);
      case TIMEOUT -> isOurs(answer, 504, "TIMEOUT", false);
      case CUT_STREAM -> isCutStream(answer, "FOUNDRY_UNAVAILABLE");
      case SILENT_STREAM -> isCutStream(answer, "TIMEOUT");
      case CUT_JSON -> {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
            .startsWith(cell.route() == Route.AGENT ? "{\"success\":true,\"data\":{" : "{\"model\"")
            .doesNotContain("\"error\"");
        assertThat(answer.whole()).isFalse();
      }
    }
    assertThat(foundry.ledger().executions(id)).isEqualTo(cell.foundryExecutions());
    if (cell.legacyFault() == Plain.NONE) {
      boolean legacyServed = cell.expected() == Expected.LEGACY;
      assertThat(legacy.ledger().begun(id)).isEqualTo(legacyServed ? 1 : 0);
    } else if (cell.legacyFault() != Plain.REFUSE) {
      assertThat(legacy.ledger().begun(id)).isPositive();
    }
    if (cell.route() == Route.JOB) {
      assertThat(foundry.ledger().begun(id) + legacy.ledger().begun(id)).isLessThanOrEqualTo(1);
    }
  }

  static RawAnswer ask(int port, Route route, String id) {
    return ask(Wire.HTTP_1_1, port, route, id);
  }

  private static RawAnswer ask(Wire wire, int port, Route route, String id) {
    try (TextClient client = wire.client(port)) {
      client.send(
          "POST %s HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: %s\r\nConnection: close\r\n"
                  .formatted(route.path, id)
              + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(route.body.length(), route.body));
      return RawAnswer.of(client.readToEnd());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  static void isWhole(RawAnswer answer, Route route, String provider) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.whole()).isTrue();
    assertThat(answer.header("x-ai-provider")).isEqualTo(provider);
    boolean fellBack = provider.equals("legacy");
    assertThat(answer.header("x-ai-fallback")).isEqualTo(fellBack ? "true" : null);
    assertThat(answer.header("x-ai-reason")).isEqualTo(fellBack ? "fallback" : "mode");
    if (route == Route.EVENTS) {
      assertThat(answer.body()).contains("served by " + provider).doesNotContain("error");
    } else {
      JsonObject body = new JsonObject(answer.body());
      JsonObject said = route == Route.AGENT ? body.getJsonObject("data") : body;
      assertThat(said.getString("served_by")).isEqualTo(provider);
    }
    if (route == Route.EVENTS && fellBack) {
      assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("foundry");
    }
  }

  private static void isVerbatim(
      RawAnswer answer, FailoverCell cell, WireFault fault, String provider) {
    assertThat(answer.header("x-ai-provider")).isEqualTo(provider);
    assertThat(answer.header("x-ai-fallback")).isEqualTo(provider.equals("legacy") ? "true" : null);
    if (cell.route() == Route.AGENT) {
      isShaped(answer, ((Status) fault).code(), cell.fallbackUsed());
      return;
    }
    assertThat(answer.status()).isEqualTo(((Status) fault).code());
    assertThat(answer.body()).isEqualTo(FailoverCell.TELLING_BODY);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.whole()).isTrue();
  }

  /** A request that was sent once may be repeated, and one whose provider asked for a wait. */
  private static void saysWhetherToRepeat(RawAnswer answer, Route route) {
    boolean repeated = Integer.parseInt(answer.header("x-ai-attempts")) > 1;
    boolean waits = answer.header("retry-after") != null;
    boolean last = answer.status() >= 400 && repeated && !waits && route != Route.JOB;
    assertThat(answer.header("x-should-retry")).isEqualTo(last ? "false" : null);
  }

  /** An agent's caller reads one shape, and in it the provider's own sentence. */
  private static void isShaped(RawAnswer answer, int code, boolean fellBack) {
    switch (code) {
      case 429 -> isOurs(answer, 429, "RATE_LIMITED", fellBack);
      case 404 -> isOurs(answer, 404, "NOT_FOUND", fellBack);
      case 400, 422 -> isOurs(answer, code, "BAD_REQUEST", fellBack);
      default -> {
        assertThat(code).isGreaterThanOrEqualTo(500);
        if (fellBack) {
          isOurs(answer, 502, "FALLBACK_FAILED", true);
        } else {
          isOurs(answer, 503, "FOUNDRY_UNAVAILABLE", false);
        }
      }
    }
    String message = new JsonObject(answer.body()).getJsonObject("error").getString("message");
    assertThat(message).contains("model trouble");
  }

  private static void isOurs(RawAnswer answer, int status, String code, boolean fellBack) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.whole()).isTrue();
    JsonObject body = new JsonObject(answer.body());
    assertThat(body.getBoolean("success")).isFalse();
    JsonObject error = body.getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo(code);
    assertThat(error.getString("message")).isNotEmpty();
    assertThat(error.getBoolean("retryable")).isEqualTo(status >= 429);
    assertThat(error.getString("correlationId")).isEqualTo(answer.header("x-correlation-id"));
    assertThat(error.getBoolean("fallbackUsed")).isEqualTo(fellBack);
  }

  private static void isCutStream(RawAnswer answer, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.whole()).as("a clean end").isFalse();
    assertThat(answer.body()).doesNotContain("[DONE]").endsWith("\n\n");
    String[] events = answer.body().split("\n\n");
    List<String> errors = Stream.of(events).filter(event -> event.contains("\"error\"")).toList();
    assertThat(errors).hasSize(1).last().isEqualTo(events[events.length - 1]);
    JsonObject told = new JsonObject(errors.get(0).substring("data: ".length()));
    assertThat(told.getJsonObject("error").getString("code")).isEqualTo(code);
  }

  private static void isQuiet(ProxyProcess proxy) throws Exception {
    Metered metered = new Metered(proxy.adminPort());
    metered.awaitValue("rollout_requests_in_flight", 0);
    metered.awaitValue("rollout_client_connections", 0);
    metered.awaitValue("rollout_upstream_connections{provider=\"foundry\"}", 0);
    assertThat(proxy.output()).doesNotContain("LEAK").doesNotContain("Exception");
  }

  private static ProxyProcess proxy(boolean fallback) throws Exception {
    JsonObject settings =
        new JsonObject()
            .put("server", wire.server().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("provider", "foundry")
            .put("providers", new JsonObject())
            .put(
                "timeouts",
                new JsonObject().put("toFirstContent", "9s").put("fallbackReserve", "4s"))
            .put("retryBudget", new JsonObject().put("perSecond", 1_000))
            .put("fallback", new JsonObject().put("enabled", fallback));
    settings.getJsonObject("server").put("holdBack", "1500ms");
    settings.getJsonObject("providers").put("foundry", provider(foundry));
    settings.getJsonObject("providers").put("legacy", provider(legacy));
    return ProxyProcess.start(
        List.of("-Xmx256m", "-Dio.netty.leakDetection.level=paranoid"),
        Map.of(),
        "run",
        "--config",
        ProxyProcess.configuration(settings.encode()).toString());
  }

  private static JsonObject provider(FaultyUpstream upstream) {
    return new JsonObject()
        .put("url", upstream.url())
        .put("idle", "2500ms")
        // Else a refusal would be tried once more without what we have added, see StreamOptionsIT.
        .put("requestUsageInStreams", false)
        .put("retry", new JsonObject().put("delay", "20ms"))
        .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000))
        .put("probe", new JsonObject().put("interval", "1h"));
  }
}
