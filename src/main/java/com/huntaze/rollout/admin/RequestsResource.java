package com.huntaze.rollout.admin;

import com.huntaze.rollout.admin.figures.LatestRequests;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.exchange.Activity;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.exchange.RecordFilter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code GET /api/v1/requests}: the latest requests, newest first, kept in memory alone; all, or
 * those that a filter finds; of all replicas, or with {@code scope=replica} of this one. No bodies,
 * no query strings, no keys.
 */
final class RequestsResource {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int LONGEST = 120;

  private final Bus bus;
  private final Activity activity;

  RequestsResource(Bus bus, Activity activity) {
    this.bus = bus;
    this.activity = activity;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/requests", this::get);
    bus.serve(FleetAddresses.REQUESTS_HERE, this::here);
  }

  /** Those of this replica, for another one. */
  private Future<JsonObject> here(Object body) {
    Map<String, String> query = new HashMap<>();
    ((JsonObject) body).forEach(each -> query.put(each.getKey(), (String) each.getValue()));
    return Future.succeededFuture(own(RecordFilter.read(query)));
  }

  private JsonObject own(RecordFilter filter) {
    JsonArray rows = new JsonArray();
    activity.newest(filter.limit(), filter::test).forEach(record -> rows.add(row(record)));
    return new JsonObject().put(LatestRequests.ROWS, rows);
  }

  private void get(RoutingContext context) {
    try {
      Map<String, String> query = new HashMap<>();
      context.queryParams().forEach(query::put);
      boolean ownAlone = FleetFigures.ownAlone(query.remove("scope"));
      RecordFilter filter = RecordFilter.read(query);
      Future<FleetFigures> others =
          ownAlone
              ? FleetFigures.own(bus)
              : FleetFigures.ask(bus, Figure.REQUESTS, new JsonObject(new HashMap<>(query)));
      others.onSuccess(
          asked ->
              JsonAnswer.send(
                  context,
                  asked.tell(
                      asked.sum(
                          own(filter),
                          LatestRequests::checked,
                          (one, other) -> LatestRequests.joined(one, other, filter.limit())))));
    } catch (IllegalArgumentException malformed) {
      Problem.send(context, 400, malformed.getMessage());
    }
  }

  private static JsonObject row(ExchangeRecord record) {
    Usage usage = record.usage();
    return new JsonObject()
        .put("at", Instant.ofEpochMilli(record.endedAt()).toString())
        .put("correlationId", cut(record.correlationId()))
        .put("trace", record.trace())
        .put("method", cut(record.request().method()))
        .put("path", cut(record.request().path()))
        .put("route", record.request().route())
        .put("provider", record.provider() == null ? null : record.provider().label())
        .put("reason", record.reason())
        .put("fallback", record.fallback())
        .put("status", record.status())
        .put("ending", record.ending())
        .put("clientSawError", Activity.clientSawError(record))
        .put("attempts", record.attempts())
        .put("model", cut(record.model()))
        .put("agent", cut(record.caller().agent()))
        .put("tier", cut(record.caller().tier()))
        .put("stream", record.served().stream())
        .put("latencyMillis", record.latencyNanos() / NANOS_PER_MILLI)
        .put(
            "firstContentMillis",
            record.firstContentNanos() < 0 ? null : record.firstContentNanos() / NANOS_PER_MILLI)
        .put("tokens", usage == null ? null : usage.totalTokens())
        .put("costUsd", costUsd(record))
        .put("user", record.request().origin().userHash())
        .put("span", record.span())
        .put("outcome", record.outcome())
        .put(
            "overheadMillis",
            record.overheadNanos() < 0 ? null : (double) record.overheadNanos() / NANOS_PER_MILLI)
        .put("deployment", cut(record.served().deployment()))
        .put("region", cut(record.served().region()))
        .put("providerRequestId", cut(record.served().ids().request()))
        .put("apimRequestId", cut(record.served().ids().gateway()))
        .put("charges", charges(record));
  }

  /** A row for each attempt that may have cost money. */
  private static JsonArray charges(ExchangeRecord record) {
    JsonArray rows = new JsonArray();
    for (Charge charge : record.charges()) {
      // The 0 of an error tells nothing of what the model costs.
      boolean tells = charge.cost().nanoUsd() > 0 || charge.usage() != null;
      boolean known = tells && charge.cost().isKnown();
      rows.add(
          new JsonObject()
              .put("provider", charge.provider().label())
              .put("model", cut(charge.model()))
              .put("tokens", charge.usage() == null ? null : charge.usage().totalTokens())
              .put("costUsd", known ? NanoUsd.format(charge.cost().nanoUsd()) : null));
    }
    return rows;
  }

  private static String costUsd(ExchangeRecord record) {
    return record.cost().isKnown() ? NanoUsd.format(record.cost().nanoUsd()) : null;
  }

  private static String cut(String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
