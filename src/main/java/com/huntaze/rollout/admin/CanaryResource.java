package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.CanaryAddresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code /api/v1/canary}: the rollout's state, and the commands of people. */
final class CanaryResource {
  private static final List<String> COMMANDS =
      List.of("start", "advance", "pause", "resume", "rollback", "reset");

  // Sorted, so that the sentence about an unknown field is always the same.
  private static final Set<String> SET_FIELDS = new TreeSet<>(Set.of("percentage", "reason"));

  private static final String FIGURES = "metrics";
  private static final List<String> OF_STAGE = List.of("epoch", "stage");

  /** A person waits: a canary that does not answer within this is said to be silent. */
  private static final long SOON_MILLIS = 5_000;

  private static final String SILENT = "the canary does not answer; the split stays as it is";

  /** A rollback is in force before it is durable, and only then acknowledged. */
  private static final String NOT_ACKNOWLEDGED =
      "not acknowledged within 5 s: it may be in force, or come into force later (see GET"
          + " /api/v1/canary)";

  private final Bus bus;

  CanaryResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/canary", this::get);
    COMMANDS.forEach(
        command ->
            mount(router, HttpMethod.POST, "/api/v1/canary/" + command, command, Set.of("reason")));
    mount(router, HttpMethod.PUT, "/api/v1/canary/percentage", "set", SET_FIELDS);
  }

  private void mount(
      Router router, HttpMethod method, String path, String command, Set<String> fields) {
    JsonBody.mount(
        router, method, path, fields, (context, body) -> command(context, command, body));
  }

  private void get(RoutingContext context) {
    Future<JsonObject> own = bus.ask(CanaryAddresses.GET, null, SOON_MILLIS);
    Future<JsonObject> told =
        own.compose(
            state ->
                FleetFigures.askLeader(bus, Figure.STATE)
                    .map(asked -> asked.tell(withFigures(state, asked.leaders()))));
    answer(context, told, SILENT);
  }

  /** Takes the figures of the same stage from the leader, where another replica judges. */
  private static JsonObject withFigures(JsonObject own, Optional<JsonObject> leaders) {
    return leaders
        .filter(state -> OF_STAGE.stream().allMatch(of -> same(of, own, state)))
        .map(state -> own.copy().put(FIGURES, state.getJsonObject(FIGURES)))
        .orElse(own);
  }

  private static boolean same(String field, JsonObject one, JsonObject other) {
    return Objects.equals(one.getValue(field), other.getValue(field));
  }

  private void command(RoutingContext context, String command, JsonObject body) {
    body.put("command", command).put("actor", AdminGuard.actor(context));
    answer(context, bus.ask(CanaryAddresses.COMMAND, body, SOON_MILLIS), NOT_ACKNOWLEDGED);
  }

  private static void answer(RoutingContext context, Future<JsonObject> reply, String silence) {
    reply.onComplete(
        body -> JsonAnswer.send(context, body), failure -> refused(context, failure, silence));
  }

  private static void refused(RoutingContext context, Throwable failure, String silence) {
    if (failure instanceof ReplyException reply && reply.failureCode() > 0) {
      Problem.send(context, reply.failureCode(), reply.getMessage());
    } else {
      Problem.send(context, 503, silence);
    }
  }
}
