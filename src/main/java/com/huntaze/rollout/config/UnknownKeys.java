package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.settings.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Complains about keys that nobody reads: a mistyped key would otherwise be a silent default. */
final class UnknownKeys {
  /** A share is no setting: it is the rollout's state, which the stages and people move. */
  private static final Set<String> SHARES = Set.of("percentage", "canary.percentage");

  private UnknownKeys() {}

  static List<Problem> find(ObjectOf type, ObjectNode object, String path) {
    List<String> known = type.properties().stream().map(Property::key).toList();
    List<Problem> problems = new ArrayList<>();
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                problems.add(problem(key, known, path));
              }
            });
    return problems;
  }

  private static Problem problem(String key, List<String> known, String path) {
    String shown = key.matches("[A-Za-z0-9_$-]{1,64}") ? key : ShownValue.quoted(key);
    String at = path.isEmpty() ? shown : path + "." + shown;
    if (SHARES.contains(at)) {
      return new Problem(
          at,
          "unknown key",
          "canary.stages for the stages of a rollout; PUT /api/v1/canary/percentage or `set` for"
              + " the current share");
    }
    Optional<String> near = NearKey.find(key, known).or(() -> elsewhere(key));
    if (near.isPresent()) {
      return Problem.sentence(at, "unknown key (did you mean \"" + near.get() + "\"?)");
    }
    return new Problem(at, "unknown key", "one of " + String.join(", ", known));
  }

  /** The whole path of a key that exists under this very name in one other place only. */
  private static Optional<String> elsewhere(String key) {
    List<String> places =
        paths(SettingModel.ROOT, "").filter(path -> path.endsWith("." + key)).toList();
    return places.size() == 1 ? Optional.of(places.get(0)) : Optional.empty();
  }

  private static Stream<String> paths(ObjectOf type, String prefix) {
    return type.properties().stream()
        .flatMap(
            property -> {
              String path = prefix + property.key();
              return property.type() instanceof ObjectOf inner
                  ? Stream.concat(Stream.of(path), paths(inner, path + "."))
                  : Stream.of(path);
            });
  }
}
