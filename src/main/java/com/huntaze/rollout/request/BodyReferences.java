package com.huntaze.rollout.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Collects, while a request's body is read, the objects that it names and that one provider alone
 * has: the response or conversation that it goes on with, files, stores, threads, assistants. Names
 * as the API references of OpenAI, Azure and Anthropic have them.
 */
final class BodyReferences {
  private static final int MOST = 16;
  private static final int MOST_LENGTH = 256;

  /** Whatever it has, it is somebody else's. */
  private static final String METADATA = "metadata";

  static final String CONVERSATION = "conversation";
  static final String GOES_ON_WITH = "previous_response_id";

  /** The id of an object, or a list of them, anywhere in a body. */
  static final Set<String> NAMES =
      Set.of(
          "file_id",
          "file_ids",
          "input_file_id",
          "training_file",
          "validation_file",
          "vector_store_id",
          "vector_store_ids",
          "assistant_id",
          "thread_id",
          "container",
          "container_id");

  /**
   * Begins of ids that providers give. What begins otherwise may be an application's own, and
   * counts if it is known.
   */
  private static final List<String> BEGINS =
      List.of(
          "file-",
          "file_",
          "assistant-",
          "asst_",
          "thread_",
          "vs_",
          "conv_",
          "cntr_",
          "container_");

  private final List<String> goesOn = new ArrayList<>(0);
  private final List<String> others = new ArrayList<>(0);

  /** An object that a body names. */
  record Reference(String id, boolean certain) {}

  /** A field of the body's own object is here, with its value as the parser's token: reads it. */
  void field(String name, JsonToken value, JsonParser parser) throws IOException {
    if (name.equals(METADATA)) {
      parser.skipChildren();
    } else if (name.equals(CONVERSATION)) {
      conversation(value, parser);
    } else if (name.equals(GOES_ON_WITH)) {
      keep(goesOn, value, parser);
      parser.skipChildren();
    } else {
      value(name, value, parser);
    }
  }

  /** It is a text, or an object with an id. */
  private void conversation(JsonToken value, JsonParser parser) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      keep(others, value, parser);
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean id = parser.currentName().equals("id");
      JsonToken inner = parser.nextToken();
      if (id) {
        keep(others, inner, parser);
      }
      parser.skipChildren();
    }
  }

  private void value(String name, JsonToken value, JsonParser parser) throws IOException {
    if (!value.isStructStart()) {
      if (NAMES.contains(name)) {
        keep(others, value, parser);
      }
      return;
    }
    boolean named = NAMES.contains(name);
    int depth = 1;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return;
      } else if (token == JsonToken.FIELD_NAME) {
        named = NAMES.contains(parser.currentName());
      } else if (token.isStructStart()) {
        depth++;
        named &= token == JsonToken.START_ARRAY;
      } else if (token.isStructEnd()) {
        depth--;
        named = false;
      } else if (named) {
        keep(others, token, parser);
      }
    }
  }

  private static void keep(List<String> ids, JsonToken value, JsonParser parser)
      throws IOException {
    boolean fits =
        value == JsonToken.VALUE_STRING
            && parser.getTextLength() > 0
            && parser.getTextLength() <= MOST_LENGTH
            && ids.size() < MOST;
    if (fits) {
      ids.add(parser.getText());
    }
  }

  private static boolean isProviders(String id) {
    return BEGINS.stream().anyMatch(id::startsWith);
  }

  /** The objects, those first with which the body goes on. */
  List<Reference> all() {
    if (goesOn.isEmpty() && others.isEmpty()) {
      return List.of();
    }
    List<Reference> all = new ArrayList<>();
    goesOn.forEach(id -> all.add(new Reference(id, true)));
    others.forEach(id -> all.add(new Reference(id, isProviders(id))));
    return all;
  }
}
