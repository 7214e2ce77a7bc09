package com.huntaze.rollout.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Alerts at Opsgenie, by its Alert API: created, and closed by their alias. */
final class OpsgenieChannel extends IncidentChannel {
  /** The address for all but the instances of the European Union. */
  static final String URL = "https://api.opsgenie.com";

  private static final String ALERTS = "/v2/alerts";
  private static final int MESSAGE_CHARACTERS = 130;

  private final HttpPost post;
  private final Map<String, String> headers;

  OpsgenieChannel(Vertx vertx, ChannelSettings settings) {
    super(settings.minSeverity());
    post = new HttpPost(vertx, settings.url() == null ? URL : settings.url());
    headers = Map.of("Authorization", "GenieKey " + settings.key());
  }

  @Override
  public void close() {
    post.close();
  }

  @Override
  Future<Attempted> open(String key, Notice notice) {
    return post.post(ALERTS, headers, created(key, notice).toBuffer());
  }

  @Override
  Future<Attempted> end(String key, Notice notice) {
    String alias = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    JsonObject body =
        new JsonObject().put("source", "rollout-proxy").put("note", notice.sentence());
    return post.post(
        ALERTS + "/" + alias + "/close?identifierType=alias", headers, body.toBuffer());
  }

  static JsonObject created(String key, Notice notice) {
    String kind = notice.alert().kind().label();
    String where = notice.from().environment();
    String message = (where == null ? "" : where + ": ") + notice.sentence();
    JsonObject details = new JsonObject();
    // The API takes text alone.
    notice.fields().forEach((name, value) -> details.put(name, String.valueOf(value)));
    String next = notice.from().next(notice.alert().kind()).orElse("");
    return new JsonObject()
        .put("message", message.substring(0, Math.min(message.length(), MESSAGE_CHARACTERS)))
        .put("alias", key)
        .put("description", next.isEmpty() ? message : message + "\n\nNext: " + next)
        .put("source", "rollout-proxy")
        .put("entity", notice.alert().subject())
        .put("tags", new JsonArray().add(kind))
        .put("details", details)
        .put(
            "priority",
            switch (notice.alert().severity()) {
              case CRITICAL -> "P1";
              case WARNING -> "P3";
              case INFO -> "P5";
            });
  }
}
