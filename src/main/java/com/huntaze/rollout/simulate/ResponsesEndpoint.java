package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenAI's {@code POST /v1/responses}, whole or, with {@code "stream": true}, as events: one output
 * item, a message or the call of a function. Nothing is stored.
 */
final class ResponsesEndpoint {
  private final SimulatedExchange exchange;
  private final JsonObject body;
  private final Answer answer;
  private int sequence;

  private ResponsesEndpoint(SimulatedExchange exchange, JsonObject body, Answer answer) {
    this.exchange = exchange;
    this.body = body;
    this.answer = answer;
  }

  static void create(SimulatedExchange exchange, JsonObject body) {
    if (!body.containsKey("input")) {
      exchange.reject(Rejection.missing("input"));
      return;
    }
    Prompt prompt = Prompt.of(body.getValue("input"));
    if (prompt.text().isBlank()) {
      exchange.reject(Rejection.of(400, "Input must not be empty"));
      return;
    }
    Answer answer = ChatEndpoint.answer(exchange, body, prompt);
    ResponsesEndpoint endpoint = new ResponsesEndpoint(exchange, body, answer);
    if (Boolean.TRUE.equals(body.getValue("stream"))) {
      endpoint.stream();
    } else {
      JsonObject whole = endpoint.completed();
      exchange.after(exchange.tempo().answerMillis(), () -> exchange.json(200, whole));
    }
  }

  private void stream() {
    JsonObject begun = response("in_progress");
    List<StreamEvent> preamble = new ArrayList<>();
    preamble.add(event("response.created", new JsonObject().put("response", begun)));
    preamble.add(event("response.in_progress", new JsonObject().put("response", begun)));
    preamble.add(event("response.output_item.added", ofOutput("item", item("in_progress", ""))));
    if (answer.tool() == null) {
      preamble.add(event("response.content_part.added", ofContent("part", part(""))));
    }
    List<StreamEvent> contents = new ArrayList<>();
    for (String piece : answer.pieces()) {
      contents.add(
          answer.tool() == null
              ? event(
                  "response.output_text.delta",
                  ofContent("delta", piece).put("logprobs", new JsonArray()))
              : event("response.function_call_arguments.delta", ofItem("delta", piece)));
    }
    EventStream.start(exchange, preamble, contents, ending());
  }

  private List<StreamEvent> ending() {
    List<StreamEvent> ending = new ArrayList<>();
    if (answer.tool() == null) {
      ending.add(
          event(
              "response.output_text.done",
              ofContent("text", answer.text()).put("logprobs", new JsonArray())));
      ending.add(event("response.content_part.done", ofContent("part", part(answer.text()))));
    } else {
      JsonObject done = ofItem("arguments", answer.text()).put("name", answer.tool().name());
      ending.add(event("response.function_call_arguments.done", done));
    }
    JsonObject item = item("completed", answer.text());
    ending.add(event("response.output_item.done", ofOutput("item", item)));
    ending.add(event("response.completed", new JsonObject().put("response", completed())));
    return ending;
  }

  private StreamEvent event(String type, JsonObject rest) {
    JsonObject event = new JsonObject().put("type", type).put("sequence_number", sequence++);
    return StreamEvent.typed(event.mergeIn(rest));
  }

  private static JsonObject ofOutput(String name, Object value) {
    return new JsonObject().put("output_index", 0).put(name, value);
  }

  private JsonObject ofItem(String name, Object value) {
    return ofOutput(name, value).put("item_id", itemId());
  }

  private JsonObject ofContent(String name, Object value) {
    return ofItem(name, value).put("content_index", 0);
  }

  private String itemId() {
    return (answer.tool() == null ? "msg_" : "fc_") + answer.id();
  }

  private JsonObject item(String status, String text) {
    JsonObject item = new JsonObject().put("id", itemId());
    if (answer.tool() != null) {
      return item.put("type", "function_call")
          .put("status", status)
          .put("arguments", text)
          .put("call_id", "call_" + answer.id())
          .put("name", answer.tool().name());
    }
    JsonArray content = new JsonArray();
    if (!text.isEmpty()) {
      content.add(part(text));
    }
    return item.put("type", "message")
        .put("status", status)
        .put("role", "assistant")
        .put("content", content);
  }

  private static JsonObject part(String text) {
    return new JsonObject()
        .put("type", "output_text")
        .put("text", text)
        .put("annotations", new JsonArray())
        .put("logprobs", new JsonArray());
  }

  private JsonObject completed() {
    JsonObject usage =
        answer
            .inputAndOutput()
            .put("input_tokens_details", new JsonObject().put("cached_tokens", 0))
            .put("output_tokens_details", new JsonObject().put("reasoning_tokens", 0))
            .put("total_tokens", answer.promptTokens() + answer.completionTokens());
    return response("completed")
        .put("output", new JsonArray().add(item("completed", answer.text())))
        .put("usage", usage);
  }

  /** The response without output and usage, with what the API repeats of the request. */
  private JsonObject response(String status) {
    return new JsonObject()
        .put("id", "resp_" + answer.id())
        .put("object", "response")
        .put("created_at", System.currentTimeMillis() / 1_000)
        .put("status", status)
        .putNull("error")
        .putNull("incomplete_details")
        .put("instructions", body.getValue("instructions"))
        .putNull("max_output_tokens")
        .put("model", answer.model().label())
        .put("output", new JsonArray())
        .put("parallel_tool_calls", true)
        .putNull("previous_response_id")
        .put("store", false)
        .put("temperature", 1.0)
        .put("tool_choice", body.getValue("tool_choice", "auto"))
        .put("tools", body.getValue("tools", new JsonArray()))
        .put("top_p", 1.0)
        .put("truncation", "disabled")
        .putNull("usage")
        .put("metadata", new JsonObject());
  }
}
