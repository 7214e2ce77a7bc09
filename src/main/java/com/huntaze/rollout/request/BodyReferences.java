package com.huntaze.rollout.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Collects, while a request's body is read, the objects that it names and that one provider alone
 * has: the response, conversation or items that it goes on with, files, stores, threads,
 * assistants. Names as the API references of OpenAI, Azure and Anthropic have them.
 */
final class BodyReferences {
  private static final int MOST = 16;
  private static final int MOST_LENGTH = 256;

  /** Whatever it has, it is somebody else's. */
  private static final String METADATA = "metadata";

  /**
   * The same within a body, if they are objects: what a model asks an application's tools, and the
   * schemas of that, which have examples.
   */
  private static final Set<String> APPLICATIONS =
      Set.of(METADATA, "input", "arguments", "parameters", "input_schema", "json_schema", "schema");

  static final String CONVERSATION = "conversation";
  static final String GOES_ON_WITH = "previous_response_id";

  /** The items with which a response goes on, of which some are only named. */
  static final String ITEMS = "input";

  /** An answer's sound that a message of Chat goes on with, by its id. */
  static final String AUDIO = "audio";

  static final String ID = "id";

  private static final String CONTAINER = "container";
  private static final String ITEM_REFERENCE = "item_reference";
  private static final String REASONING = "rs_";

  /** A reasoning item has it if it is here whole. */
  private static final String ENCRYPTED = "encrypted_content";

  /** These say nothing that an item consists of. */
  private static final Set<String> AROUND_ITEMS = Set.of("type", "status");

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
          CONTAINER,
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
  private final List<String> items = new ArrayList<>(0);
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
      keep(goesOn, text(value, parser));
      parser.skipChildren();
    } else if (name.equals(ITEMS) && value == JsonToken.START_ARRAY) {
      items(parser);
    } else {
      value(name, value, parser);
    }
  }

  /** It is a text, or an object with an id. */
  private void conversation(JsonToken value, JsonParser parser) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      keep(others, text(value, parser));
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean id = parser.currentName().equals(ID);
      JsonToken inner = parser.nextToken();
      if (id) {
        keep(others, text(inner, parser));
      }
      parser.skipChildren();
    }
  }

  private void items(JsonParser parser) throws IOException {
    for (JsonToken each = parser.nextToken();
        each != null && each != JsonToken.END_ARRAY;
        each = parser.nextToken()) {
      if (each == JsonToken.START_OBJECT) {
        item(parser);
      } else {
        value(ITEMS, each, parser);
      }
    }
  }

  /** An item that is named, or that is nothing without what its provider has kept of it. */
  private void item(JsonParser parser) throws IOException {
    String id = null;
    boolean named = false;
    boolean bare = true;
    boolean encrypted = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(ID)) {
        id = text(value, parser);
        parser.skipChildren();
      } else if (AROUND_ITEMS.contains(name)) {
        named |= ITEM_REFERENCE.equals(text(value, parser));
        parser.skipChildren();
      } else {
        bare &= value == JsonToken.VALUE_NULL;
        encrypted |= name.equals(ENCRYPTED) && value != JsonToken.VALUE_NULL;
        member(ITEMS, name, value, parser);
      }
    }
    if (named || bare || id != null && id.startsWith(REASONING) && !encrypted) {
      keepLast(id);
    }
  }

  private void value(String name, JsonToken value, JsonParser parser) throws IOException {
    if (value == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String inner = parser.currentName();
        member(name, inner, parser.nextToken(), parser);
      }
    } else if (value == JsonToken.START_ARRAY) {
      for (JsonToken each = parser.nextToken();
          each != null && each != JsonToken.END_ARRAY;
          each = parser.nextToken()) {
        value(name, each, parser);
      }
    } else if (NAMES.contains(name)) {
      keep(others, text(value, parser));
    }
  }

  /**
   * Reads a member of an object within the body.
   *
   * @param holder the name of the object
   */
  private void member(String holder, String name, JsonToken value, JsonParser parser)
      throws IOException {
    if (value == JsonToken.START_OBJECT && APPLICATIONS.contains(name)) {
      parser.skipChildren();
    } else if (name.equals(ID) && holder.equals(CONTAINER)) {
      keep(others, text(value, parser));
      parser.skipChildren();
    } else if (name.equals(ID) && holder.equals(AUDIO)) {
      keepLast(text(value, parser));
      parser.skipChildren();
    } else {
      value(name, value, parser);
    }
  }

  /** The text of an id; {@code null} = it is none. */
  private static String text(JsonToken value, JsonParser parser) throws IOException {
    boolean fits =
        value == JsonToken.VALUE_STRING
            && parser.getTextLength() > 0
            && parser.getTextLength() <= MOST_LENGTH;
    return fits ? parser.getText() : null;
  }

  private static void keep(List<String> ids, String id) {
    if (id != null && ids.size() < MOST) {
      ids.add(id);
    }
  }

  /** Of many items the last were made last, and are the likeliest to be known. */
  private void keepLast(String id) {
    if (id != null) {
      if (items.size() == MOST) {
        items.remove(0);
      }
      items.add(id);
    }
  }

  private static boolean isProviders(String id) {
    return BEGINS.stream().anyMatch(id::startsWith);
  }

  /** The objects, those first with which the body goes on. */
  List<Reference> all() {
    if (goesOn.isEmpty() && items.isEmpty() && others.isEmpty()) {
      return List.of();
    }
    List<Reference> all = new ArrayList<>();
    goesOn.forEach(id -> all.add(new Reference(id, true)));
    items.forEach(id -> all.add(new Reference(id, true)));
    others.forEach(id -> all.add(new Reference(id, isProviders(id))));
    return all;
  }
}
