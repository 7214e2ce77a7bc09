package com.huntaze.rollout.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.Alert.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Somebody on call: a webhook, a chat and a service for incidents, on plain sockets. */
final class Pager implements AutoCloseable {
  static final String ENVIRONMENT = "walk";
  static final String RUNBOOK = "https://wiki.example/runbook#{kind}";

  private final List<JsonObject> webhooks = new CopyOnWriteArrayList<>();
  private final List<JsonObject> chat = new CopyOnWriteArrayList<>();
  private final List<JsonObject> incidents = new CopyOnWriteArrayList<>();
  private final RawOrigin origin = new RawOrigin(this::take);

  private void take(RawOrigin.Call call) throws IOException {
    JsonObject body = new JsonObject(new String(call.body().getBytes(ISO_8859_1), UTF_8));
    String path = call.head().split(" ")[1];
    switch (path) {
      case "/webhook" -> webhooks.add(body.getJsonObject("data"));
      case "/slack" -> chat.add(body);
      case "/pagerduty" -> incidents.add(body);
      default -> throw new IOException(path);
    }
    call.send("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  }

  /** The settings that have everything told here. */
  JsonObject alerts(String dashboard) {
    JsonArray channels =
        new JsonArray()
            .add(channel("webhook").put("minSeverity", "info").put("url", url("/webhook")))
            .add(channel("slack").put("minSeverity", "info").put("url", url("/slack")))
            .add(channel("pagerduty").put("key", "k".repeat(32)).put("url", url("/pagerduty")));
    return new JsonObject()
        .put("environment", ENVIRONMENT)
        .put("channels", channels)
        .put("links", new JsonObject().put("dashboard", dashboard).put("runbook", RUNBOOK));
  }

  private static JsonObject channel(String type) {
    return new JsonObject().put("type", type).put("minSeverity", "warning");
  }

  private String url(String path) {
    return origin.url() + path;
  }

  /** The first page of a kind, as its program reads it. */
  JsonObject page(Kind kind) {
    return await(
        "page " + kind.label(),
        () -> webhooks.stream().filter(each -> each.getString("kind").equals(kind.label())));
  }

  boolean has(Kind kind) {
    return webhooks.stream().anyMatch(each -> each.getString("kind").equals(kind.label()));
  }

  /** The same as the chat has it. */
  JsonObject told(Kind kind) {
    String title = "[%s] %s %s: ".formatted(kind.severity().label(), ENVIRONMENT, kind.label());
    return await(
        "chat " + kind.label(),
        () -> chat.stream().filter(each -> each.getString("text").startsWith(title)));
  }

  /** The incident that a kind has opened. */
  JsonObject opened(Kind kind) {
    return await("incident " + kind.label(), () -> incidents("trigger", kind));
  }

  /** Waits until that incident is over. */
  void awaitResolved(Kind kind) {
    await("end of " + kind.label(), () -> ends(kind));
  }

  boolean isResolved(Kind kind) {
    return ends(kind).findAny().isPresent();
  }

  /** Of what was opened: a process also ends what it finds well, whoever may have opened it. */
  private Stream<JsonObject> ends(Kind kind) {
    List<JsonObject> all = List.copyOf(incidents);
    return incidents("resolve", kind)
        .filter(
            end ->
                all.stream()
                    .limit(Math.max(0, all.lastIndexOf(end)))
                    .anyMatch(each -> isBegin(each, end.getString("dedup_key"))));
  }

  private static boolean isBegin(JsonObject incident, String key) {
    return incident.getString("event_action").equals("trigger")
        && incident.getString("dedup_key").equals(key);
  }

  private Stream<JsonObject> incidents(String action, Kind kind) {
    String key = "%s/%s/".formatted(ENVIRONMENT, kind.label());
    return incidents.stream()
        .filter(each -> each.getString("event_action").equals(action))
        .filter(each -> each.getString("dedup_key").startsWith(key));
  }

  private JsonObject await(String wanted, Supplier<Stream<JsonObject>> look) {
    return Waits.until(
            () -> wanted + ", of " + webhooks,
            () -> look.get().findFirst(),
            Optional::isPresent,
            () -> Waits.pause(Duration.ofMillis(20)))
        .orElseThrow();
  }

  @Override
  public void close() throws IOException {
    origin.close();
  }
}
