package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigChange;
import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigValue;
import com.huntaze.rollout.config.EffectiveConfig;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.settings.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Reports of the configuration for people and verticles; secrets are masked in all of them. */
final class ConfigReports {
  private ConfigReports() {}

  /**
   * The configuration in force.
   *
   * @param revision how many there were before, in this process
   */
  static JsonObject effective(Loaded loaded, int revision, Instant loadedAt) {
    JsonArray values = new JsonArray();
    for (ConfigValue value : EffectiveConfig.values(loaded)) {
      values.add(
          new JsonObject()
              .put("path", value.path())
              .put("value", value.shown())
              .put("source", value.source()));
    }
    return new JsonObject()
        .put("revision", revision)
        .put("loadedAt", loadedAt.toString())
        .put("values", values);
  }

  static JsonObject applied(String cause, int revision, Instant at, List<ConfigChange> changes) {
    JsonArray list = new JsonArray();
    changes.forEach(
        change ->
            list.add(
                new JsonObject()
                    .put("path", change.path())
                    .put("before", change.before())
                    .put("after", change.after())));
    return new JsonObject()
        .put("result", changes.isEmpty() ? "unchanged" : "applied")
        .put("cause", cause)
        .put("revision", revision)
        .put("at", at.toString())
        .put("changes", list);
  }

  static JsonObject refused(String cause, Instant at, ConfigException refused) {
    JsonArray problems = new JsonArray();
    for (Problem problem : refused.problems()) {
      problems.add(
          new JsonObject()
              .put("path", problem.path())
              .put("value", problem.value())
              .put("expected", problem.expectation())
              .put("sentence", problem.toString()));
    }
    return new JsonObject()
        .put("result", "refused")
        .put("cause", cause)
        .put("at", at.toString())
        .put("problems", problems);
  }
}
