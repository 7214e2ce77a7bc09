package com.huntaze.rollout.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/** Incidents at PagerDuty, by its Events API version 2. */
final class PagerDutyChannel extends IncidentChannel {
  /** The address of the service region of the United States, the usual one. */
  static final String URL = "https://events.pagerduty.com/v2/enqueue";

  private static final String CLIENT = "rollout-proxy";

  /** The API cuts nothing: a longer one is refused. */
  private static final int SUMMARY_CHARACTERS = 1_024;

  private final HttpPost post;
  private final String routingKey;

  PagerDutyChannel(Vertx vertx, ChannelSettings settings) {
    super(settings.minSeverity());
    post = new HttpPost(vertx, settings.url() == null ? URL : settings.url());
    routingKey = settings.key();
  }

  @Override
  public void close() {
    post.close();
  }

  @Override
  Future<Attempted> open(String key, Notice notice) {
    return post.post(Map.of(), opening(routingKey, key, notice).toBuffer());
  }

  @Override
  Future<Attempted> end(String key, Notice notice) {
    return post.post(Map.of(), event(routingKey, "resolve", key).toBuffer());
  }

  private static JsonObject event(String routingKey, String action, String key) {
    return new JsonObject()
        .put("routing_key", routingKey)
        .put("event_action", action)
        .put("dedup_key", key);
  }

  static JsonObject opening(String routingKey, String key, Notice notice) {
    AlertOrigin from = notice.from();
    String where = from.environment() == null ? "" : from.environment() + ": ";
    String summary = where + notice.sentence();
    JsonObject payload =
        new JsonObject()
            .put("summary", summary.substring(0, Math.min(summary.length(), SUMMARY_CHARACTERS)))
            .put("source", from.text().isEmpty() ? CLIENT : from.text())
            .put("severity", notice.alert().severity().label())
            .put("timestamp", Instant.ofEpochMilli(notice.alert().at()).toString())
            .put("component", notice.alert().subject())
            .put("class", notice.alert().kind().label())
            .put("custom_details", new JsonObject(notice.fields()));
    JsonObject event =
        event(routingKey, "trigger", key).put("payload", payload).put("client", CLIENT);
    JsonArray links = new JsonArray();
    if (from.links().dashboard() != null) {
      event.put("client_url", from.links().dashboard());
      links.add(link(from.links().dashboard(), "Dashboard"));
    }
    String runbook = from.links().runbook(notice.alert().kind().label());
    if (runbook != null) {
      links.add(link(runbook, "Runbook"));
    }
    return links.isEmpty() ? event : event.put("links", links);
  }

  private static JsonObject link(String url, String text) {
    return new JsonObject().put("href", url).put("text", text);
  }
}
