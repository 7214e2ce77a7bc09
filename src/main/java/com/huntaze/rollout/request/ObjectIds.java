package com.huntaze.rollout.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.huntaze.rollout.route.StatePath;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The ids of the objects that an answer is about: its own, those of the objects that it lists, and
 * those that it has made on the way, such as a batch's file of results.
 */
final class ObjectIds {
  private static final int MOST = 200;
  private static final String THREAD = "thread_id";
  private static final Set<String> OWN =
      Set.of("id", "job_id", THREAD, "output_file_id", "error_file_id", "vector_store_id");
  private static final Set<String> HOLDERS = Set.of("file", "conversation", "container");
  private static final Set<String> LISTS = Set.of("data", "result_files", "generations");

  /** Those of a response, which are made with it. */
  private static final String ITEMS = "output";

  private final List<String> found = new ArrayList<>();
  private final List<String> items = new ArrayList<>(0);
  private JsonParser parser;
  private String thread;
  private boolean deleted;

  private ObjectIds() {}

  /** Of what is no JSON: those that stand before the fault. */
  static ObjectIds in(Buffer answer) {
    ObjectIds ids = new ObjectIds();
    try (JsonParser parser = BodyPeek.parser(answer)) {
      ids.parser = parser;
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        ids.object();
      }
    } catch (IOException notJson) {
      // Whoever cannot be read tells no more.
    }
    return ids;
  }

  List<String> all() {
    return found;
  }

  /** The items of the response that the answer is. */
  List<String> items() {
    return items;
  }

  /** Tells whether the answer says that its object is no more. */
  boolean deleted() {
    return deleted;
  }

  /**
   * Tells whether one of them is a conversation: the thread that the answer names, else what stands
   * in a collection of conversations itself.
   */
  boolean isConversation(String id, StatePath place) {
    return thread == null ? place.isConversation() && place.id() == null : thread.equals(id);
  }

  private void object() throws IOException {
    while (found.size() < MOST && parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (OWN.contains(name)) {
        keep(found, value);
        thread = name.equals(THREAD) && value == JsonToken.VALUE_STRING ? parser.getText() : thread;
      } else if (name.equals("deleted")) {
        deleted = value == JsonToken.VALUE_TRUE;
      } else if (HOLDERS.contains(name) && value == JsonToken.START_OBJECT) {
        holder(found);
      } else if (LISTS.contains(name) && value == JsonToken.START_ARRAY) {
        list(found);
      } else if (name.equals(ITEMS) && value == JsonToken.START_ARRAY) {
        list(items);
      }
      parser.skipChildren();
    }
  }

  private void holder(List<String> ids) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean id = parser.currentName().equals("id");
      JsonToken value = parser.nextToken();
      if (id) {
        keep(ids, value);
      }
      parser.skipChildren();
    }
  }

  private void list(List<String> ids) throws IOException {
    for (JsonToken each = parser.nextToken();
        each != null && each != JsonToken.END_ARRAY;
        each = parser.nextToken()) {
      if (each == JsonToken.START_OBJECT) {
        holder(ids);
      } else {
        keep(ids, each);
        parser.skipChildren();
      }
    }
  }

  private void keep(List<String> ids, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING && ids.size() < MOST) {
      ids.add(parser.getText());
    }
  }
}
