package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The router's own API: {@code POST /route}, {@code /route/stream} and {@code /multimodal/analyze}.
 *
 * <p>The stream's events have the answer's shape. {@code output} holds one piece of the text, and
 * {@code usage} is null but in the last event before {@code [DONE]}, whose piece is empty.
 */
final class RouteEndpoint {
  private RouteEndpoint() {}

  static void route(SimulatedExchange exchange, JsonObject body) {
    answer(exchange, body, body.getString("type_hint"));
  }

  static void analyze(SimulatedExchange exchange, JsonObject body) {
    answer(exchange, body, body.getString("type_hint", "multimodal"));
  }

  private static void answer(SimulatedExchange exchange, JsonObject body, String typeHint) {
    Optional<Rejection> problem = problem(body);
    if (problem.isPresent()) {
      exchange.reject(problem.get());
      return;
    }
    Answer answer = compose(exchange, body, typeHint);
    JsonObject whole =
        shape(exchange, body, answer, typeHint)
            .put("output", answer.text())
            .put("usage", answer.usage());
    exchange.after(exchange.tempo().answerMillis(), () -> exchange.json(200, whole));
  }

  static void stream(SimulatedExchange exchange, JsonObject body) {
    Optional<Rejection> problem = problem(body);
    if (problem.isPresent()) {
      exchange.reject(problem.get());
      return;
    }
    String typeHint = body.getString("type_hint");
    Answer answer = compose(exchange, body, typeHint);
    JsonObject shape = shape(exchange, body, answer, typeHint);
    List<StreamEvent> contents = new ArrayList<>();
    for (String piece : answer.pieces()) {
      contents.add(StreamEvent.of(shape.copy().put("output", piece).putNull("usage")));
    }
    JsonObject last = shape.copy().put("output", "").put("usage", answer.usage());
    EventStream.start(
        exchange, List.of(), contents, List.of(StreamEvent.of(last), StreamEvent.DONE));
  }

  /** Returns the fault of the body, in the router's words; empty when there is none. */
  private static Optional<Rejection> problem(JsonObject body) {
    Object prompt = body.getValue("prompt");
    if (prompt == null) {
      return Optional.of(
          body.containsKey("prompt")
              ? Rejection.invalid(
                  "prompt", "none is not an allowed value", "type_error.none.not_allowed")
              : Rejection.missing("prompt"));
    }
    if (!(prompt instanceof String text)) {
      return Optional.of(Rejection.notAString("prompt"));
    }
    return text.isBlank()
        ? Optional.of(Rejection.of(400, "Prompt must not be empty"))
        : Optional.empty();
  }

  private static Answer compose(SimulatedExchange exchange, JsonObject body, String typeHint) {
    BackendProfile profile = exchange.profile();
    Model model =
        Model.choose(
            profile.provider(),
            typeHint,
            body.getString("language_hint"),
            body.getString("client_tier"));
    return Answer.compose(profile, model, body.getString("prompt"));
  }

  private static JsonObject shape(
      SimulatedExchange exchange, JsonObject body, Answer answer, String typeHint) {
    JsonObject routing =
        new JsonObject()
            .put("type", typeHint == null ? "chat" : typeHint)
            .put("language", body.getString("language_hint", "en"))
            .put("client_tier", body.getString("client_tier", "standard"))
            .put("served_by", exchange.profile().provider().label() + " (simulated)");
    return new JsonObject()
        .put("model", answer.model().label())
        .put("deployment", answer.model().deployment())
        .put("region", exchange.profile().region())
        .put("routing", routing);
  }
}
