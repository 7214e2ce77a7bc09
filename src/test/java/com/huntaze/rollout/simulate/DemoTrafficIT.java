package com.huntaze.rollout.simulate;

import static com.huntaze.rollout.simulate.BackendClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Demo traffic against servers that behave and servers that do not. */
@ExtendWith(VertxExtension.class)
class DemoTrafficIT {
  private final BlockingQueue<TrafficSummary> summaries = new LinkedBlockingQueue<>();
  private DemoTraffic traffic;

  @AfterEach
  void stop() {
    await(traffic.stop());
  }

  @Test
  void everyKindOfRequestSucceedsAgainstASimulatedBackend(Vertx vertx) throws Exception {
    SimulatedBackend backend =
        await(SimulatedBackend.start(vertx, BackendProfile.foundry(0).withPace(0.01)));

    traffic = await(DemoTraffic.start(vertx, plan(backend.port()), summaries::add));

    TrafficSummary summary = next(seen -> seen.requests() >= 20);
    assertThat(summary.errors()).isZero();
    assertThat(summary.dropped()).isZero();
    assertThat(summary.servedBy()).containsOnlyKeys(TrafficSummary.UNNAMED);
  }

  @Test
  void aSummaryAddsUpByProviderAndError(Vertx vertx) throws Exception {
    AtomicInteger number = new AtomicInteger();
    int port =
        listen(
            vertx,
            request -> {
              int turn = number.getAndIncrement() % 10;
              request.response().putHeader("X-AI-Provider", turn == 0 ? "foundry" : "legacy");
              request.response().setStatusCode(turn == 9 ? 503 : 200).end("data: [DONE]\n\n");
            });

    traffic = await(DemoTraffic.start(vertx, plan(port), summaries::add));

    TrafficSummary summary = next(seen -> seen.requests() >= 30);
    assertThat(summary.servedBy()).containsOnlyKeys("foundry", "legacy");
    long foundry = summary.servedBy().get("foundry");
    long legacy = summary.servedBy().get("legacy");
    assertThat(summary.errors() + foundry + legacy).isEqualTo(summary.requests());
    assertThat(summary.errors()).isPositive();
    assertThat(legacy).isGreaterThan(foundry);
    assertThat(summary.sentence()).startsWith("demo traffic: " + summary.requests() + " requests");
  }

  @Test
  void aStreamWithoutDoneIsAnError(Vertx vertx) throws Exception {
    int port = listen(vertx, request -> request.response().end("data: {}\n\n"));

    traffic = await(DemoTraffic.start(vertx, plan(port), summaries::add));

    TrafficSummary summary = next(seen -> seen.requests() >= 20);
    // Four in ten are streams.
    assertThat(summary.errors()).isBetween(1L, summary.requests() - 1);
  }

  @Test
  void requestsAboveTheLimitAreDroppedAndNotQueued(Vertx vertx) throws Exception {
    AtomicInteger received = new AtomicInteger();
    int port = listen(vertx, request -> received.incrementAndGet());

    traffic = await(DemoTraffic.start(vertx, plan(port).withMaxInFlight(3), summaries::add));

    TrafficSummary summary = next(seen -> seen.dropped() > 0);
    assertThat(summary.requests()).isZero();
    assertThat(next(seen -> received.get() > 0).dropped()).isPositive();
    assertThat(received.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void whatIsOpenEndsWellWhenNothingMoreBegins(Vertx vertx) throws Exception {
    AtomicInteger received = new AtomicInteger();
    AtomicInteger cut = new AtomicInteger();
    Queue<HttpServerResponse> open = new ConcurrentLinkedQueue<>();
    int port =
        listen(
            vertx,
            request -> {
              received.incrementAndGet();
              request.response().exceptionHandler(gone -> cut.incrementAndGet());
              open.add(request.response());
            });
    traffic = await(DemoTraffic.start(vertx, plan(port).withMaxInFlight(3), summaries::add));
    while (received.get() < 3) {
      summaries.poll(50, TimeUnit.MILLISECONDS);
    }

    traffic.finish();
    for (HttpServerResponse response : open) {
      assertThat(await(response.end("data: [DONE]\n\n").map(true))).isTrue();
    }
    // Room for three more, and time for sixty.
    summaries.poll(300, TimeUnit.MILLISECONDS);

    assertThat(received.get()).isEqualTo(3);
    assertThat(cut.get()).isZero();
  }

  @Test
  void nobodyListeningIsAnErrorPerRequest(Vertx vertx) throws Exception {
    SimulatedBackend gone = await(SimulatedBackend.start(vertx, BackendProfile.foundry(0)));
    await(gone.close());

    traffic = await(DemoTraffic.start(vertx, plan(gone.port()), summaries::add));

    TrafficSummary summary = next(seen -> seen.requests() > 0);
    assertThat(summary.errors()).isEqualTo(summary.requests());
  }

  private static TrafficPlan plan(int port) {
    return TrafficPlan.of("http://127.0.0.1:" + port, 200).withSummaryEvery(Duration.ofMillis(300));
  }

  /** The next summary that meets the condition. */
  private TrafficSummary next(Predicate<TrafficSummary> condition) throws InterruptedException {
    while (true) {
      TrafficSummary summary = summaries.poll(90, TimeUnit.SECONDS);
      assertThat(summary).as("a summary within 20 s").isNotNull();
      if (condition.test(summary)) {
        return summary;
      }
    }
  }

  private static int listen(Vertx vertx, Handler<HttpServerRequest> handler) {
    HttpServer server = vertx.createHttpServer().requestHandler(handler);
    return await(server.listen(0, "127.0.0.1")).actualPort();
  }
}
