package com.huntaze.rollout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The fields of JSON values and their types, {@code findings[].metric → text}. Several values make
 * one shape: of each field all types that were seen.
 */
public final class Shape {
  private final Map<String, TreeSet<String>> types = new TreeMap<>();

  /** The shape of these values. */
  public static Shape of(Iterable<?> values) {
    Shape shape = new Shape();
    values.forEach(value -> shape.add("", value));
    return shape;
  }

  private void add(String path, Object value) {
    types.computeIfAbsent(path, none -> new TreeSet<>()).add(type(value));
    if (value instanceof JsonObject object) {
      object.forEach(field -> add(path + "." + field.getKey(), field.getValue()));
    } else if (value instanceof JsonArray list) {
      list.forEach(element -> add(path + "[]", element));
    }
  }

  private static String type(Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof JsonObject) {
      return "object";
    } else if (value instanceof JsonArray) {
      return "list";
    } else if (value instanceof Number) {
      return "number";
    }
    return value instanceof Boolean ? "boolean" : "text";
  }

  /**
   * A sentence for each field that an older shape has and this one has not, or with types of which
   * none was there before. Where one of them knows only {@code null} the type is as good as any.
   */
  public List<String> losses(Shape older) {
    List<String> losses = new ArrayList<>();
    older.types.forEach(
        (path, before) -> {
          TreeSet<String> now = types.get(path);
          if (now == null && !ofEmptyList(path)) {
            losses.add(path + ": gone (expected: " + before + ")");
          } else if (now != null
              && !isNull(before)
              && !isNull(now)
              && now.stream().noneMatch(before::contains)) {
            losses.add(path + ": " + now + " (expected: " + before + ")");
          }
        });
    return losses;
  }

  /**
   * Tells whether a path leads into a list that has no elements here, of which nothing can be told.
   */
  private boolean ofEmptyList(String path) {
    for (int at = path.indexOf("[]"); at >= 0; at = path.indexOf("[]", at + 2)) {
      String list = path.substring(0, at);
      if (types.containsKey(list) && !types.containsKey(list + "[]")) {
        return types.get(list).contains("list");
      }
    }
    return false;
  }

  private static boolean isNull(TreeSet<String> types) {
    return types.size() == 1 && types.contains("null");
  }
}
