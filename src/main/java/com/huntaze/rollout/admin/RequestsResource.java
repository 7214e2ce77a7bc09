package com.huntaze.rollout.admin;

import com.huntaze.rollout.cost.Activity;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.Receipt;
import com.huntaze.rollout.cost.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;

/**
 * {@code GET /api/v1/requests}: the latest requests, newest first, kept in memory alone. No bodies,
 * no query strings, no keys.
 */
final class RequestsResource {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int LONGEST = 120;

  private final Activity activity;

  RequestsResource(Activity activity) {
    this.activity = activity;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/requests", this::get);
  }

  private void get(RoutingContext context) {
    JsonArray rows = new JsonArray();
    activity.newest().forEach(receipt -> rows.add(row(receipt)));
    JsonAnswer.send(context, new JsonObject().put("requests", rows));
  }

  private static JsonObject row(Receipt receipt) {
    Usage usage = receipt.usage();
    return new JsonObject()
        .put("at", Instant.ofEpochMilli(receipt.endedAt()).toString())
        .put("correlationId", cut(receipt.correlationId()))
        .put("trace", receipt.trace())
        .put("method", cut(receipt.request().method()))
        .put("path", cut(receipt.request().path()))
        .put("route", receipt.request().route())
        .put("provider", receipt.provider() == null ? null : receipt.provider().label())
        .put("reason", receipt.reason())
        .put("fallback", receipt.fallback())
        .put("status", receipt.status())
        .put("ending", receipt.ending())
        .put("clientSawError", Activity.clientSawError(receipt))
        .put("attempts", receipt.attempts())
        .put("model", cut(receipt.served().model()))
        .put("agent", cut(receipt.caller().agent()))
        .put("tier", cut(receipt.caller().tier()))
        .put("stream", receipt.served().stream())
        .put("latencyMillis", receipt.latencyNanos() / NANOS_PER_MILLI)
        .put(
            "firstContentMillis",
            receipt.firstContentNanos() < 0 ? null : receipt.firstContentNanos() / NANOS_PER_MILLI)
        .put("tokens", usage == null ? null : usage.totalTokens())
        .put("costUsd", costUsd(receipt));
  }

  private static String costUsd(Receipt receipt) {
    return receipt.cost().known().isPresent() ? NanoUsd.format(receipt.cost().nanoUsd()) : null;
  }

  private static String cut(String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
