package com.huntaze.rollout.simulate;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins requests by the clock, not by the answers, and adds up what becomes of them. All of it
 * runs on one event loop.
 */
final class TrafficGenerator extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(TrafficGenerator.class);
  private static final long TICK_MILLIS = 10;

  private final TrafficPlan plan;
  private final Consumer<TrafficSummary> listener;
  private final RequestMix mix;
  private final TrafficTally tally = new TrafficTally();
  private HttpClient client;
  private long startedNanos;
  private long summaryNanos;
  private long begun;
  private int inFlight;
  private volatile boolean stopped;

  TrafficGenerator(TrafficPlan plan, Consumer<TrafficSummary> listener) {
    this.plan = plan;
    this.listener = listener;
    this.mix = new RequestMix(plan.seed());
  }

  @Override
  public Future<?> start() {
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(plan.maxInFlight())
            .setMaxWaitQueueSize(plan.maxInFlight());
    client =
        vertx
            .httpClientBuilder()
            .with(new HttpClientOptions().setConnectTimeout(2_000))
            .with(pool)
            // Its requests hear of what breaks a connection, and tally it.
            .withConnectHandler(connection -> connection.exceptionHandler(ignored -> {}))
            .build();
    startedNanos = System.nanoTime();
    summaryNanos = startedNanos;
    vertx.setTimer(TICK_MILLIS, id -> tick());
    return Future.succeededFuture();
  }

  /** Begins nothing more; what is open goes on to its end. */
  void finish() {
    stopped = true;
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return client.close();
  }

  private void tick() {
    if (stopped) {
      return;
    }
    long now = System.nanoTime();
    long due = (long) ((now - startedNanos) / 1e9 * plan.requestsPerSecond());
    while (begun < due && inFlight < plan.maxInFlight()) {
      send(mix.at(begun++));
    }
    tally.dropped(due - begun);
    begun = due;
    if (now - summaryNanos >= plan.summaryEvery().toNanos()) {
      report(tally.take(TimeUnit.NANOSECONDS.toMillis(now - summaryNanos)));
      summaryNanos = now;
    }
    vertx.setTimer(TICK_MILLIS, id -> tick());
  }

  private void send(DemoRequest request) {
    inFlight++;
    TrafficCall.send(vertx, client, plan.url(), request, plan.timeout().toMillis())
        .onComplete(
            provider -> {
              inFlight--;
              tally.served(provider);
            },
            failure -> {
              inFlight--;
              tally.error();
              LOG.trace("Demo request {} failed: {}", request.path(), failure.getMessage());
            });
  }

  private void report(TrafficSummary summary) {
    try {
      listener.accept(summary);
    } catch (RuntimeException failure) {
      LOG.warn("The listener of demo traffic failed; the traffic goes on", failure);
    }
  }
}
