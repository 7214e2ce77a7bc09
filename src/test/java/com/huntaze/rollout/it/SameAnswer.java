package com.huntaze.rollout.it;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** The differences that an answer through the proxy may have from the provider's own. */
final class SameAnswer {
  /** The members that the proxy adds to a usage ({@code enrichUsage}). */
  static final Set<String> ADDED_TO_USAGE = Set.of("model", "deployment", "region", "cost_usd");

  /** The places of a usage: in the answer, and in the copies that libraries keep of it. */
  static final Set<String> USAGES = Set.of("usage", "totalUsage", "raw");

  /** The time of the answer: two answers, two times. */
  static final Set<String> TIMES = Set.of("created", "created_at", "createdAt", "timestamp");

  private SameAnswer() {}

  /** The value without what may differ. */
  static Object of(Object value) {
    return of(value, false);
  }

  private static Object of(Object value, boolean usage) {
    if (value instanceof JsonArray array) {
      return new JsonArray(array.stream().map(each -> of(each, false)).toList());
    }
    if (!(value instanceof JsonObject object)) {
      return value;
    }
    JsonObject same = new JsonObject();
    for (String name : List.copyOf(object.fieldNames())) {
      Object member = object.getValue(name);
      // We ask for the usage of streams; chunks that have none then say so.
      boolean absent = name.equals("usage") && member == null;
      if (!absent && !TIMES.contains(name) && !(usage && ADDED_TO_USAGE.contains(name))) {
        same.put(name, of(member, USAGES.contains(name)));
      }
    }
    return same;
  }
}
