package com.huntaze.rollout.admin;

import com.huntaze.rollout.canary.CanaryAddresses;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** {@code /api/v1/canary}: the rollout's state, and the commands of people. */
final class CanaryResource {
  private static final List<String> COMMANDS =
      List.of("start", "advance", "pause", "resume", "rollback", "reset");

  private final EventBus bus;

  CanaryResource(EventBus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    router.get("/api/v1/canary").handler(this::get);
    COMMANDS.forEach(
        command ->
            router
                .post("/api/v1/canary/" + command)
                .handler(context -> command(context, command, Set.of("reason"))));
    router
        .put("/api/v1/canary/percentage")
        .handler(context -> command(context, "set", Set.of("percentage", "reason")));
  }

  private void get(RoutingContext context) {
    answer(context, bus.request(CanaryAddresses.GET, null));
  }

  private void command(RoutingContext context, String command, Set<String> fields) {
    JsonObject body;
    try {
      body = body(context, fields);
    } catch (BadBody bad) {
      Problem.send(context, bad.status, bad.getMessage());
      return;
    }
    body.put("command", command).put("actor", "api");
    answer(context, bus.request(CanaryAddresses.COMMAND, body));
  }

  private static JsonObject body(RoutingContext context, Set<String> fields) throws BadBody {
    Buffer buffer = context.body().buffer();
    boolean empty = buffer == null || buffer.length() == 0;
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null ? !empty : !isJson(type)) {
      throw new BadBody(415, "Content-Type: expected application/json");
    }
    JsonObject body = empty ? new JsonObject() : parse(buffer);
    for (String name : body.fieldNames()) {
      if (!fields.contains(name)) {
        throw new BadBody(400, "body: unknown field (expected: %s)".formatted(fields));
      }
    }
    return body;
  }

  private static boolean isJson(String type) {
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return media.equals("application/json");
  }

  private static JsonObject parse(Buffer buffer) throws BadBody {
    try {
      return new JsonObject(buffer);
    } catch (DecodeException | ClassCastException malformed) {
      throw new BadBody(400, "body: not valid JSON (expected: one object)");
    }
  }

  private static void answer(RoutingContext context, Future<Message<JsonObject>> reply) {
    reply.onComplete(
        message -> json(context, message.body()), failure -> refused(context, failure));
  }

  private static void json(RoutingContext context, JsonObject body) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body.toBuffer());
  }

  private static void refused(RoutingContext context, Throwable failure) {
    if (failure instanceof ReplyException reply && reply.failureCode() > 0) {
      Problem.send(context, reply.failureCode(), reply.getMessage());
    } else {
      Problem.send(context, 503, "the canary does not answer; the split stays as it is");
    }
  }

  private static final class BadBody extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    private BadBody(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }
}
