package com.huntaze.rollout.it;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A verticle of another team in the same Vert.x. It knows the event bus's contract and nothing of
 * the proxy's classes.
 */
final class NeighbourVerticle extends VerticleBase {
  private final List<JsonObject> states = new CopyOnWriteArrayList<>();

  @Override
  public Future<?> start() {
    return vertx
        .eventBus()
        .<JsonObject>consumer("rollout.canary.state", message -> states.add(message.body()))
        .completion();
  }

  /** Every state that was published since the start. */
  List<JsonObject> states() {
    return states;
  }

  /** Asks who is to serve a request; {@code null} for one without a user. */
  Future<JsonObject> decide(String requestId, String userId) {
    JsonObject body = new JsonObject().put("requestId", requestId);
    if (userId != null) {
      body.put("userId", userId);
    }
    return ask("rollout.canary.decide", body);
  }

  Future<JsonObject> get() {
    return ask("rollout.canary.get", null);
  }

  Future<JsonObject> command(String command) {
    return command(new JsonObject().put("command", command));
  }

  Future<JsonObject> set(int percentage) {
    return command(new JsonObject().put("command", "set").put("percentage", percentage));
  }

  Future<JsonObject> command(JsonObject body) {
    return ask(
        "rollout.canary.command", body.copy().put("actor", "neighbour").put("reason", "test"));
  }

  /** Sends any body to any address. */
  Future<JsonObject> ask(String address, Object body) {
    return vertx.eventBus().<JsonObject>request(address, body).map(Message::body);
  }
}
