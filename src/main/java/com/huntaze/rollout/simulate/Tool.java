package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tool that a request offers to the model, whatever the API calls its members: {@code
 * function.parameters} in Chat, {@code parameters} in Responses, {@code input_schema} in Messages.
 *
 * @param name its name
 * @param schema the JSON schema of its arguments; empty = it takes none
 */
record Tool(String name, JsonObject schema) {
  /** More than any schema that a demo sends; a deeper one is cut off there. */
  private static final int MAX_DEPTH = 8;

  /**
   * The tool that the model calls. It calls one where {@code tool_choice} demands it, or where the
   * prompt has the name of a tool and the choice is left to the model.
   *
   * @param body the request's body
   * @param prompt the text of the request
   * @param answered tells whether the last message brings a tool's result, which is to be spoken of
   */
  static Optional<Tool> called(JsonObject body, String prompt, boolean answered) {
    List<Tool> offered = offered(body.getValue("tools"));
    Object choice = body.getValue("tool_choice");
    String wanted = choice instanceof JsonObject object ? named(object) : String.valueOf(choice);
    if (wanted.equals("required") || wanted.equals("any")) {
      return offered.stream().findFirst();
    }
    Optional<Tool> chosen = offered.stream().filter(tool -> tool.name.equals(wanted)).findFirst();
    if (chosen.isPresent() || wanted.equals("none") || answered) {
      return chosen;
    }
    return offered.stream().filter(tool -> prompt.contains(tool.name)).findFirst();
  }

  private static List<Tool> offered(Object tools) {
    List<Tool> offered = new ArrayList<>();
    if (tools instanceof JsonArray array) {
      for (Object element : array) {
        if (element instanceof JsonObject object) {
          of(object).ifPresent(offered::add);
        }
      }
    }
    return offered;
  }

  private static Optional<Tool> of(JsonObject tool) {
    JsonObject inner = tool.getValue("function") instanceof JsonObject function ? function : tool;
    if (!(inner.getValue("name") instanceof String name) || name.isEmpty()) {
      return Optional.empty();
    }
    for (String member : List.of("parameters", "input_schema")) {
      if (inner.getValue(member) instanceof JsonObject schema) {
        return Optional.of(new Tool(name, schema));
      }
    }
    return Optional.of(new Tool(name, new JsonObject()));
  }

  /** The name in a choice of one tool, else the kind of the choice: {@code auto}, {@code any}. */
  private static String named(JsonObject choice) {
    JsonObject inner =
        choice.getValue("function") instanceof JsonObject function ? function : choice;
    Object name = inner.getValue("name", choice.getValue("type"));
    return String.valueOf(name);
  }

  /** Arguments that fit its schema: what is required, each with the plainest value there is. */
  JsonObject arguments() {
    return object(schema, MAX_DEPTH);
  }

  private static JsonObject object(JsonObject schema, int depth) {
    JsonObject value = new JsonObject();
    if (depth == 0
        || !(schema.getValue("properties") instanceof JsonObject properties)
        || !(schema.getValue("required") instanceof JsonArray required)) {
      return value;
    }
    for (Object name : required) {
      if (name instanceof String member && properties.getValue(member) instanceof JsonObject kind) {
        value.put(member, value(kind, depth - 1));
      }
    }
    return value;
  }

  private static Object value(JsonObject schema, int depth) {
    if (schema.getValue("enum") instanceof JsonArray choices && !choices.isEmpty()) {
      return choices.getValue(0);
    }
    return switch (String.valueOf(schema.getValue("type"))) {
      case "integer", "number" -> 1;
      case "boolean" -> true;
      case "array" -> new JsonArray();
      case "object" -> object(schema, depth);
      case "null" -> null;
      default -> "simulated";
    };
  }
}
