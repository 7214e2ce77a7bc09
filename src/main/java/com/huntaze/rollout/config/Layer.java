package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.settings.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values that are stronger than the file's: those of the environment, or those of the flags. It is
 * read once at the start, while the file may be read again.
 *
 * @param name what it is, for people
 * @param values the valid values by path
 * @param startPercentage the explicit percentage, if this layer has one
 * @param problems what is wrong with the others, named by variable or flag
 */
record Layer(
    String name,
    Map<String, Value> values,
    Optional<StartPercentage> startPercentage,
    List<Problem> problems) {

  /** One value and the variable or flag that set it. */
  record Value(JsonNode node, Source source) {}

  /** Puts the values into {@code document} and their sources into {@code sources}. */
  void applyTo(ObjectNode document, Map<String, Source> sources) {
    values.forEach(
        (path, value) -> {
          if (put(document, path, value.node())) {
            sources.put(path, value.source());
          }
        });
  }

  /** False when something that is no object is in the way: the binder complains about that. */
  private static boolean put(ObjectNode document, String path, JsonNode node) {
    String[] keys = path.split("\\.");
    ObjectNode at = document;
    for (int i = 0; i < keys.length - 1; i++) {
      JsonNode next = at.has(keys[i]) ? at.get(keys[i]) : at.putObject(keys[i]);
      if (!(next instanceof ObjectNode object)) {
        return false;
      }
      at = object;
    }
    at.set(keys[keys.length - 1], node);
    return true;
  }
}
