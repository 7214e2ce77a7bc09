package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The question of a request, whichever of the APIs it speaks.
 *
 * @param text the text of all its messages, each with a line feed; blank = there is none
 * @param answersTool tells whether the last message brings the result of a tool
 */
record Prompt(String text, boolean answersTool) {
  /** Deeper than any message nests its parts. */
  private static final int MAX_DEPTH = 6;

  /** Reads the messages of Chat and Messages, or the input of Responses, which may be a string. */
  static Prompt of(Object messages) {
    StringBuilder text = new StringBuilder();
    append(text, messages, MAX_DEPTH);
    Object last =
        messages instanceof JsonArray array && !array.isEmpty()
            ? array.getValue(array.size() - 1)
            : null;
    return new Prompt(text.toString(), last instanceof JsonObject message && isResult(message));
  }

  private static boolean isResult(JsonObject message) {
    if ("tool".equals(message.getValue("role"))
        || "function_call_output".equals(message.getValue("type"))) {
      return true;
    }
    return message.getValue("content") instanceof JsonArray parts
        && parts.stream()
            .anyMatch(
                part ->
                    part instanceof JsonObject object
                        && "tool_result".equals(object.getValue("type")));
  }

  /** Adds a string, the parts of a list, or the content or text of an object. */
  private static void append(StringBuilder text, Object content, int depth) {
    if (depth == 0) {
      return;
    }
    if (content instanceof String string) {
      text.append(string).append('\n');
    } else if (content instanceof JsonArray parts) {
      parts.forEach(part -> append(text, part, depth - 1));
    } else if (content instanceof JsonObject object) {
      for (String member : new String[] {"content", "text", "output"}) {
        append(text, object.getValue(member), depth - 1);
      }
    }
  }
}
