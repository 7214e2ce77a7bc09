package com.huntaze.rollout.alert;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.FleetAddresses;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/**
 * Tells people what {@link CanaryAddresses#ALERT} tells. Started before all who raise alerts and
 * stopped after them. It is heard by nobody else's context: a channel that is dead delays neither
 * the others nor any request, and a shutdown by two seconds at most.
 */
public final class AlertVerticle extends VerticleBase {
  private static final long LONGEST_TICK_MILLIS = 1_000;
  private static final long SHORTEST_TICK_MILLIS = 50;
  private static final long FINISH_MILLIS = 2_000;
  private static final long NONE = -1;

  private AlertHome home;
  private final Bus bus;
  private final MeterRegistry registry;
  private AlertSettings settings;
  private Dispatcher dispatcher;
  private long timer = NONE;

  public AlertVerticle(Bus bus, AlertHome home, AlertSettings settings, MeterRegistry registry) {
    this.home = home;
    this.bus = bus;
    this.settings = settings;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    dispatcher = new Dispatcher(vertx, home, settings, registry);
    bus.serve(CanaryAddresses.ALERT, this::take);
    bus.hear(
        CanaryAddresses.ALERT_WELL,
        JsonObject.class,
        end -> dispatcher.well(AlertReader.read(end, System.currentTimeMillis())));
    bus.hear(
        FleetAddresses.TELLS,
        JsonObject.class,
        who -> dispatcher.tells(who.getBoolean("self", true), monotonicMillis()));
    bus.serve(
        CanaryAddresses.ALERTS_GET,
        body -> {
          Bodies.none(body);
          return Future.succeededFuture(dispatcher.json());
        });
    tick();
    return Future.succeededFuture();
  }

  private void tick() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
    if (!settings.cooldown().isZero()) {
      long tick = Math.min(LONGEST_TICK_MILLIS, settings.cooldown().toMillis());
      timer =
          vertx.setPeriodic(
              Math.max(SHORTEST_TICK_MILLIS, tick), due -> dispatcher.sendDue(monotonicMillis()));
    }
  }

  /**
   * Tells other people from now on, from any thread. A channel that stays the same keeps what it
   * has yet to deliver; one that is gone tries once more to.
   *
   * @param newHome where this process is found by now
   * @return when it is so
   */
  public Future<Void> configure(AlertHome newHome, AlertSettings newer) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          if (!newer.equals(settings) || !newHome.equals(home)) {
            settings = newer;
            home = newHome;
            dispatcher.configure(home, newer);
            tick();
            // Of a cooldown that has ended nothing is kept back.
            dispatcher.sendDue(monotonicMillis());
          }
          done.complete();
        });
    return done.future();
  }

  private Future<JsonObject> take(Object body) {
    try {
      Alert alert = AlertReader.read(body, System.currentTimeMillis());
      bus.publish(CanaryAddresses.ALERT_TAKEN, new JsonObject(alert.fields()));
      boolean sent = dispatcher.raise(alert, monotonicMillis());
      return Future.succeededFuture(new JsonObject().put("result", sent ? "sent" : "kept_back"));
    } catch (IllegalArgumentException none) {
      dispatcher.refuse(none.getMessage());
      throw none;
    }
  }

  private static long monotonicMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public Future<?> stop() {
    return dispatcher == null
        ? Future.succeededFuture()
        : dispatcher.finish().timeout(FINISH_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
