package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.settings.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Documents laid over each other, each stronger than those before: objects are merged key by key,
 * whatever else is replaced. It knows of each value which document it is from.
 */
final class Overlays {
  private final ObjectNode merged = JsonNodeFactory.instance.objectNode();
  private final TreeMap<String, Source> sources = new TreeMap<>();
  private final Map<Source, String> names = new HashMap<>();

  /** Lays a document over those before. Its tree is taken, not copied. */
  void lay(String name, ObjectNode document, Source source) {
    names.put(source, name);
    lay(merged, document, "", source);
  }

  /** The tree of all documents. */
  ObjectNode merged() {
    return merged;
  }

  /** The source of each value by its path. */
  Map<String, Source> sources() {
    return sources;
  }

  /** The same problem, and where there are several documents, which of them has it. */
  Problem placed(Problem problem) {
    if (names.size() < 2) {
      return problem;
    }
    Source source =
        Stream.concat(
                Stream.ofNullable(sources.get(problem.path())),
                Stream.of(members(problem.path()), elements(problem.path()))
                    .flatMap(inner -> inner.values().stream()))
            .findFirst()
            .orElse(null);
    return source == null
        ? problem
        : new Problem(
            names.get(source) + ": " + problem.path(), problem.value(), problem.expectation());
  }

  private void lay(ObjectNode under, ObjectNode over, String path, Source source) {
    for (Map.Entry<String, JsonNode> entry : over.properties()) {
      String at = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      JsonNode covered = under.get(entry.getKey());
      if (covered instanceof ObjectNode below && entry.getValue() instanceof ObjectNode above) {
        if (!above.isEmpty()) {
          // An empty one that gains keys is no value any more.
          sources.remove(at);
        }
        lay(below, above, at, source);
      } else {
        sources.remove(at);
        members(at).clear();
        elements(at).clear();
        under.set(entry.getKey(), entry.getValue());
        note(entry.getValue(), at, source);
      }
    }
  }

  private void note(JsonNode node, String path, Source source) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        note(entry.getValue(), path + "." + entry.getKey(), source);
      }
      return;
    }
    sources.put(path, source);
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        note(array.get(i), path + "[" + i + "]", source);
      }
    }
  }

  private SortedMap<String, Source> members(String path) {
    return beginning(path + ".");
  }

  private SortedMap<String, Source> elements(String path) {
    return beginning(path + "[");
  }

  private SortedMap<String, Source> beginning(String prefix) {
    char next = (char) (prefix.charAt(prefix.length() - 1) + 1);
    return sources.subMap(prefix, prefix.substring(0, prefix.length() - 1) + next);
  }
}
