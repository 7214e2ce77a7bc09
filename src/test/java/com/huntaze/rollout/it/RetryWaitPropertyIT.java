package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Validates: Requirements 6.2. On real sockets, with the waits that a proxy has by default: the
 * times at which a failing Foundry was asked. The requests of all tries run at once.
 */
class RetryWaitPropertyIT {
  private static final int REQUESTS = 120;
  private static final int RETRIES = 3;
  private static final double DELAY_MILLIS = 250;
  private static final double JITTER = 0.1;

  /** A machine that is busy may be late; it is never early, but for the clocks' rounding. */
  private static final double LATE_MILLIS = 10_000;

  private static final double ROUNDING_MILLIS = 3;

  private static final List<String> TRANSIENT =
      List.of(
          status(408), status(500), status(502), status(503), status(504), status(529), "junk", "");

  private static final Map<String, List<Long>> ASKED = new ConcurrentHashMap<>();
  private static final List<CompletableFuture<RawAnswer>> ANSWERS = new ArrayList<>();
  private static RawOrigin foundry;
  private static RawOrigin legacy;
  private static RunningProxy proxy;
  private static ExecutorService clients;

  private static String status(int code) {
    return "HTTP/1.1 %d No\r\ncontent-length: 2\r\n\r\nno".formatted(code);
  }

  @BeforeContainer
  static void start() {
    foundry = new RawOrigin(RetryWaitPropertyIT::fail);
    legacy = new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
    JsonObject tireless =
        new JsonObject().put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    proxy =
        RunningProxy.start(
            RunningProxy.before("foundry", foundry.url(), legacy.url())
                .put("retryBudget", new JsonObject().put("ratio", 1.0).put("perSecond", 1_000))
                .mergeIn(
                    new JsonObject().put("providers", new JsonObject().put("foundry", tireless)),
                    true));
    clients = Executors.newCachedThreadPool();
    for (int i = 0; i < REQUESTS; i++) {
      String id = id(i);
      ANSWERS.add(CompletableFuture.supplyAsync(() -> ask(id), clients));
    }
  }

  private static String id(int number) {
    return "retry-" + number;
  }

  private static void fail(RawOrigin.Call call) throws IOException {
    String id =
        call.head()
            .lines()
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("x-correlation-id:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElseThrow();
    ASKED.computeIfAbsent(id, first -> new ArrayList<>()).add(System.nanoTime());
    String failure = TRANSIENT.get(Math.floorMod(id.hashCode(), TRANSIENT.size()));
    call.send(failure);
    if (!failure.startsWith("HTTP")) {
      call.close();
    }
  }

  private static RawAnswer ask(String id) {
    return FailoverMatrixIT.ask(proxy.port(), FailoverCell.Route.JSON, id);
  }

  @AfterContainer
  static void stop() throws IOException {
    clients.shutdownNow();
    proxy.close();
    foundry.close();
    legacy.close();
  }

  @Property(tries = REQUESTS, shrinking = ShrinkingMode.OFF)
  @Tag("azure-foundry-production-rollout-property-7")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 7: Retry with exponential backoff**")
  void anyTransientErrorIsTriedAgainThreeTimesWithWaitsThatDouble(
      @ForAll @IntRange(min = 0, max = REQUESTS - 1) int number) {
    RawAnswer answer = ANSWERS.get(number).join();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-ai-provider")).isEqualTo("legacy");
    List<Long> asked = ASKED.get(id(number));
    assertThat(asked).hasSize(RETRIES + 1);
    for (int retry = 0; retry < RETRIES; retry++) {
      double wait = (asked.get(retry + 1) - asked.get(retry)) / 1e6;
      double exact = DELAY_MILLIS * Math.pow(2, retry);
      assertThat(wait)
          .as("the wait before retry %d", retry + 1)
          .isBetween(exact * (1 - JITTER) - ROUNDING_MILLIS, exact * (1 + JITTER) + LATE_MILLIS);
    }
  }
}
