package com.huntaze.rollout.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /api/v1/events}: what happens, as server-sent events. {@code Last-Event-ID} goes on
 * after that event, {@code 0} begins with all that is kept, without it only what is new comes. The
 * first event is {@code hello}: {@code {"continued": true}} = nothing was missed.
 */
final class EventsResource {
  private static final String PATH = "/api/v1/events";
  private static final int LONGEST_ID = 64;

  private final EventHub hub;

  EventsResource(EventHub hub) {
    this.hub = hub;
  }

  void mount(Router router) {
    Methods.get(router, PATH, this::get);
  }

  private void get(RoutingContext context) {
    String id = context.request().getHeader("Last-Event-ID");
    if (id != null && id.length() > LONGEST_ID) {
      Problem.send(
          context,
          400,
          "Last-Event-ID: over %d characters (expected: an id)".formatted(LONGEST_ID));
      return;
    }
    if (hub.full()) {
      context.response().putHeader("Retry-After", "10");
      Problem.send(
          context, 503, "events: %d clients listen (expected: less)".formatted(hub.mostClients()));
      return;
    }
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            // nginx would wait for its buffer to fill.
            .putHeader("X-Accel-Buffering", "no");
    if (context.request().method() == HttpMethod.HEAD) {
      response.end();
      return;
    }
    JsonObject hello = new JsonObject().put("continued", hub.continues(id));
    response.setChunked(true).write("retry: 2000\nevent: hello\ndata: " + hello.encode() + "\n\n");
    hub.listen(context.request(), id);
  }
}
