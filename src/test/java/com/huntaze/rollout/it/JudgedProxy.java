package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A proxy whose canary is judged in fractions of a second, between two upstreams that break on
 * demand, with all that it published.
 */
final class JudgedProxy implements AutoCloseable {
  private final AtomicLong asked = new AtomicLong();
  private final Vertx vertx = Vertx.vertx();
  private final FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
  private final FaultyUpstream legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  private final List<JsonObject> alerts = new CopyOnWriteArrayList<>();
  private final List<JsonObject> states = new CopyOnWriteArrayList<>();
  private final JsonObject settings;
  private final Wire wire;
  private RunningProxy proxy;

  /** Starts with stages of the given length; half of all traffic goes to Foundry in the first. */
  JudgedProxy(String bake, JsonObject changes) {
    this(Wire.HTTP_1_1, bake, changes);
  }

  JudgedProxy(Wire wire, String bake, JsonObject changes) {
    this.wire = wire;
    settings =
        RunningProxy.before("canary", foundry.url(), legacy.url())
            .put("health", health())
            .put(
                "canary",
                new JsonObject()
                    .put("promote", new JsonObject().put("minRequests", 20))
                    .put(
                        "stages",
                        new JsonArray()
                            .add(stage("canary_10", 50).put("bake", bake))
                            .add(stage("canary_50", 70).put("bake", bake))
                            .add(stage("full", 100))))
            .mergeIn(changes, true);
    start();
  }

  private static JsonObject health() {
    return new JsonObject()
        .put("evaluateEvery", "50ms")
        .put("window", "10s")
        .put("minRequests", 1_000_000);
  }

  private static JsonObject stage(String phase, int percentage) {
    return new JsonObject().put("phase", phase).put("percentage", percentage);
  }

  /** Changes of the settings: the plain rule decides on that many observations. */
  static JsonObject plain(int minRequests) {
    return new JsonObject()
        .put(
            "health",
            new JsonObject()
                .put("minRequests", minRequests)
                .put("sequential", new JsonObject().put("enabled", false)));
  }

  static JsonObject in(Path dir) {
    return new JsonObject().put("state", new JsonObject().put("dir", dir.toString()));
  }

  private void start() {
    proxy = RunningProxy.start(wire, settings);
    proxy.vertx().eventBus().<JsonObject>consumer("rollout.alert", m -> alerts.add(m.body()));
    proxy
        .vertx()
        .eventBus()
        .<JsonObject>consumer("rollout.canary.state", m -> states.add(m.body()));
  }

  /** Stops it and starts it again. */
  void restart(JsonObject changes) {
    proxy.close();
    settings.mergeIn(changes, true);
    start();
  }

  /** Has it go on by other settings. */
  void reload(JsonObject changes) {
    proxy.reload(settings.mergeIn(changes, true).copy());
  }

  FaultyUpstream foundry() {
    return foundry;
  }

  FaultyUpstream legacy() {
    return legacy;
  }

  RunningProxy proxy() {
    return proxy;
  }

  JsonObject state() {
    return ask("rollout.canary.get", null);
  }

  JsonObject lastHealth() {
    return ask("rollout.health.get", null);
  }

  JsonObject ask(String address, Object body) {
    return RunningProxy.await(proxy.vertx().eventBus().<JsonObject>request(address, body)).body();
  }

  JsonArray transitions() {
    return RunningProxy.await(
            proxy.vertx().eventBus().<JsonArray>request("rollout.canary.transitions", null))
        .body();
  }

  /** All that chose Foundry so far, as Foundry saw it. */
  int atFoundry() {
    return foundry.ledger().executions();
  }

  void set(int percentage) {
    ask(
        "rollout.canary.command",
        new JsonObject().put("command", "set").put("percentage", percentage));
  }

  JsonObject command(String command) {
    return ask("rollout.canary.command", new JsonObject().put("command", command));
  }

  List<String> alerts() {
    return alerts.stream()
        .map(alert -> alert.getString("kind") + ": " + alert.getString("sentence"))
        .toList();
  }

  List<JsonObject> states() {
    return states;
  }

  /** Each asks something else: the judge takes those who send the same for one user. */
  HttpResponse<String> post(String... headers) {
    try {
      String prompt = "{\"prompt\":\"hi %d\"}".formatted(asked.incrementAndGet());
      return proxy.post("/route", prompt, headers);
    } catch (java.io.IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** A chat with a model by its name. */
  HttpResponse<String> chat(String model, String... headers) {
    try {
      String chat =
          "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi %d\"}]}"
              .formatted(model, asked.incrementAndGet());
      return proxy.post("/v1/chat/completions", chat, headers);
    } catch (java.io.IOException failure) {
      throw new AssertionError(failure);
    }
  }

  void posts(int count, String... headers) {
    for (int i = 0; i < count; i++) {
      post(headers);
    }
  }

  /** Sends requests until the rollout is as wanted. */
  JsonObject postUntil(Predicate<JsonObject> wanted) {
    return until(wanted, () -> posts(5));
  }

  /** Waits without any traffic. */
  JsonObject waitUntil(Predicate<JsonObject> wanted) {
    return until(wanted, () -> Waits.pause(Duration.ofMillis(10)));
  }

  JsonObject until(Predicate<JsonObject> wanted, Runnable meanwhile) {
    return Waits.until(this::situation, this::state, wanted, meanwhile::run);
  }

  private String situation() {
    JsonObject health = lastHealth();
    return "%s, %s, %s"
        .formatted(
            state().getString("reason"),
            health.getString("sentence"),
            health.getJsonObject("foundryTotals"));
  }

  static Predicate<JsonObject> phase(String phase) {
    return state -> state.getString("phase").equals(phase);
  }

  static long requests(JsonObject state, String provider) {
    return state.getJsonObject("metrics").getJsonObject(provider).getLong("requestCount");
  }

  static long errors(JsonObject state, String provider) {
    return state.getJsonObject("metrics").getJsonObject(provider).getLong("errorCount");
  }

  @Override
  public void close() {
    proxy.close();
    RunningProxy.await(vertx.close());
  }
}
