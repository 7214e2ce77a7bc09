package com.huntaze.rollout.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The version of a body: the field {@code version} of the object, or of each object of a list. A
 * body without one is of version 1, and an empty one has none. What is not JSON has none.
 */
final class BodyVersion {
  static final int PRESENT = 1;
  private static final String FIELD = "version";
  private static final int SHOWN = 40;

  private BodyVersion() {}

  static Object added(Object body) {
    return each(body, object -> with(object, PRESENT));
  }

  /**
   * The body without it.
   *
   * @throws IllegalArgumentException if it is of another version
   */
  @SuppressWarnings("unchecked")
  static <T> T removed(T body) {
    return (T) each(body, BodyVersion::without);
  }

  private static Object each(Object body, UnaryOperator<JsonObject> change) {
    if (body instanceof JsonObject object) {
      return change.apply(object);
    }
    if (body instanceof JsonArray list) {
      List<Object> all = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        all.add(
            list.getValue(i) instanceof JsonObject object
                ? change.apply(object)
                : list.getValue(i));
      }
      return new JsonArray(all);
    }
    return body;
  }

  private static JsonObject with(JsonObject object, int version) {
    if (object.isEmpty()) {
      // Says that there is nothing yet.
      return object;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(FIELD, version);
    fields.putAll(object.getMap());
    return new JsonObject(fields);
  }

  private static JsonObject without(JsonObject object) {
    if (!object.containsKey(FIELD)) {
      return object;
    }
    Object version = object.getValue(FIELD);
    if (!Integer.valueOf(PRESENT).equals(version) && !Long.valueOf(PRESENT).equals(version)) {
      String shown = String.valueOf(version).replaceAll("[^ -~]", "?");
      throw new IllegalArgumentException(
          "version: %s (expected: %d, or none)"
              .formatted(shown.substring(0, Math.min(shown.length(), SHOWN)), PRESENT));
    }
    Map<String, Object> fields = new LinkedHashMap<>(object.getMap());
    fields.remove(FIELD);
    return new JsonObject(fields);
  }
}
