package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads documents in tests; single quotes stand for double ones. */
final class Documents {
  private Documents() {}

  static Loaded read(String json) {
    return read(json, Map.of());
  }

  static Loaded read(String json, Map<String, String> environment) {
    return read(json, environment, Flags.NONE);
  }

  static Loaded read(String json, Map<String, String> environment, Flags flags) {
    return readRaw(json.replace('\'', '"'), environment, flags);
  }

  static Loaded readRaw(String json, Map<String, String> environment, Flags flags) {
    return new SettingsReader(environment, flags, Path.of("conf").toAbsolutePath())
        .read("conf/x.json", json, Source.file("conf/x.json"));
  }

  static List<String> problems(String json) {
    return problems(json, Map.of(), Flags.NONE);
  }

  static List<String> problems(String json, Map<String, String> environment, Flags flags) {
    try {
      read(json, environment, flags);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }
}
