package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** The shapes in which the APIs that a simulated backend speaks tell an error. */
enum ErrorShape {
  /** FastAPI's, which the router has: {@code {"detail": …}}. */
  ROUTER {
    @Override
    JsonObject body(Rejection rejection) {
      return rejection.detail();
    }

    @Override
    StreamEvent event() {
      return StreamEvent.of(OPENAI.body(Rejection.FAILED));
    }
  },
  /** OpenAI's and Azure's: {@code {"error": {"message": …, "type": …, "param": …, "code": …}}}. */
  OPENAI {
    @Override
    JsonObject body(Rejection rejection) {
      JsonObject error =
          new JsonObject()
              .put("message", rejection.message())
              .put("type", TYPES.getOrDefault(status(rejection), "server_error"))
              .putNull("param")
              .put("code", rejection.status() == 429 ? "rate_limit_exceeded" : null);
      return new JsonObject().put("error", error);
    }

    @Override
    StreamEvent event() {
      return StreamEvent.of(body(Rejection.FAILED));
    }
  },
  /** OpenAI's in a stream of its Responses: the error's members are those of the event. */
  RESPONSES {
    @Override
    JsonObject body(Rejection rejection) {
      return OPENAI.body(rejection);
    }

    @Override
    StreamEvent event() {
      JsonObject event =
          new JsonObject()
              .put("type", "error")
              .put("code", "server_error")
              .put("message", Rejection.FAILED.message())
              .putNull("param")
              .put("sequence_number", SEQUENCE_NUMBER);
      return StreamEvent.typed(event);
    }
  },
  /** Anthropic's: {@code {"type": "error", "error": {"type": …, "message": …}}}. */
  ANTHROPIC {
    @Override
    JsonObject body(Rejection rejection) {
      String type =
          rejection.status() == 404
              ? "not_found_error"
              : TYPES.getOrDefault(status(rejection), "api_error");
      return error(type, rejection.message());
    }

    @Override
    StreamEvent event() {
      return StreamEvent.typed(error("overloaded_error", "Overloaded (simulated)"));
    }

    private JsonObject error(String type, String message) {
      return new JsonObject()
          .put("type", "error")
          .put("error", new JsonObject().put("type", type).put("message", message));
    }
  };

  /** As far as it matters to clients: they go by the status. */
  private static final int SEQUENCE_NUMBER = SimulatedExchange.EVENTS_BEFORE_FAULT;

  /** The same words at OpenAI and Anthropic. */
  private static final Map<Integer, String> TYPES =
      Map.of(
          400, "invalid_request_error",
          404, "invalid_request_error",
          413, "invalid_request_error",
          429, "rate_limit_error");

  /** The status: only FastAPI tells a body that it cannot use by 422. */
  int status(Rejection rejection) {
    return this != ROUTER && rejection.status() == 422 ? 400 : rejection.status();
  }

  /** The whole body. */
  abstract JsonObject body(Rejection rejection);

  /** The event that tells of an error in the midst of a stream. */
  abstract StreamEvent event();
}
