package com.huntaze.rollout.admin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Keeps the latest events and hands them to all who listen. Lives on one event loop.
 *
 * <p>Decision 49 in {@code docs/decisions.md}.
 */
final class EventHub {
  private final Vertx vertx;
  private final EventLimits limits;
  private final EventLog log;
  private final Set<EventClient> clients = new LinkedHashSet<>();
  private final AtomicInteger listening = new AtomicInteger();
  private final Counter dropped;
  private final long pingTimer;

  EventHub(Vertx vertx, EventLimits limits, MeterRegistry registry) {
    this.vertx = vertx;
    this.limits = limits;
    String incarnation = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    log = new EventLog(incarnation, limits.events(), limits.bytes());
    dropped =
        Counter.builder("rollout.events.clients.dropped")
            .description("Listeners of the event stream that did not read and were hung up on.")
            .register(registry);
    Gauge.builder("rollout.events.clients", listening, AtomicInteger::get)
        .description("Those who listen to the event stream of the admin port.")
        .register(registry);
    pingTimer = vertx.setPeriodic(limits.pingMillis(), tick -> copy().forEach(EventClient::ping));
  }

  /** Tells everybody. */
  void publish(String name, JsonObject data) {
    log.add(name, data.encode());
    copy().forEach(EventClient::pump);
  }

  /** Returns whether nobody more may listen. */
  boolean full() {
    return clients.size() >= limits.clients();
  }

  int mostClients() {
    return limits.clients();
  }

  /** Returns whether a client that has this id has missed nothing that is lost. */
  boolean continues(String lastEventId) {
    return log.continues(lastEventId);
  }

  /** Returns whether anybody listens. */
  boolean isHeard() {
    return !clients.isEmpty();
  }

  /** Lets a client listen, whose response's head has been prepared. */
  void listen(HttpServerRequest request, String lastEventId) {
    EventClient client = new EventClient(request, log, log.begin(lastEventId), dropped::increment);
    clients.add(client);
    listening.set(clients.size());
    request
        .response()
        .exceptionHandler(gone -> {})
        .closeHandler(
            closed -> {
              client.left();
              clients.remove(client);
              listening.set(clients.size());
            });
    client.pump();
  }

  /** Ends the streams of those who are let in no more. */
  void keep(Predicate<HttpServerRequest> letIn) {
    for (EventClient client : copy()) {
      if (!letIn.test(client.request())) {
        client.end();
      }
    }
  }

  /** Ends every stream. */
  void close() {
    vertx.cancelTimer(pingTimer);
    copy().forEach(EventClient::end);
  }

  /** A client that is dropped leaves the set while it is walked through. */
  private Iterable<EventClient> copy() {
    return new ArrayList<>(clients);
  }
}
