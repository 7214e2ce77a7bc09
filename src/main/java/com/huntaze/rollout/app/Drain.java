package com.huntaze.rollout.app;

import com.huntaze.rollout.admission.Lifecycle;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.proxy.ProxyVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An orderly end: unready first, then after {@code drain.delay} without new requests until those in
 * flight have ended or {@code drain.timeout} has passed; then what is left is cut.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final long POLL_MILLIS = 20;

  /** Long enough for the last words of what is cut to leave. */
  private static final long LAST_WORD_MILLIS = 500;

  private final Vertx vertx;
  private final Bus bus;
  private final Lifecycle lifecycle;
  private final ProxyMeters meters;
  private final Supplier<Settings> settings;

  /**
   * @param settings those in force, which may still change
   */
  Drain(
      Vertx vertx, Bus bus, Lifecycle lifecycle, ProxyMeters meters, Supplier<Settings> settings) {
    this.vertx = vertx;
    this.bus = bus;
    this.lifecycle = lifecycle;
    this.meters = meters;
    this.settings = settings;
  }

  /**
   * Begins it.
   *
   * @return when no request is in flight any more
   */
  Future<Void> run() {
    lifecycle.leaving();
    long delay = settings.get().drain().delay().toMillis();
    log.info("Draining: not ready, requests are still taken for {} ms", delay);
    return pause(delay)
        .compose(
            over -> {
              lifecycle.drained();
              log.info("Draining: {} requests in flight are waited for", meters.inFlight());
              return awaitIdle(System.nanoTime() + settings.get().drain().timeout().toNanos());
            })
        .compose(over -> cut());
  }

  private Future<Void> pause(long millis) {
    return millis == 0 ? Future.succeededFuture() : vertx.timer(millis).mapEmpty();
  }

  private Future<Void> awaitIdle(long until) {
    if (meters.inFlight() == 0 || System.nanoTime() - until >= 0) {
      return Future.succeededFuture();
    }
    return pause(POLL_MILLIS).compose(again -> awaitIdle(until));
  }

  private Future<Void> cut() {
    int cut = meters.inFlight();
    log.info("Drained: {} requests are cut", cut);
    if (cut == 0) {
      return Future.succeededFuture();
    }
    bus.publish(ProxyVerticle.CUT, new JsonObject());
    return pause(LAST_WORD_MILLIS);
  }
}
