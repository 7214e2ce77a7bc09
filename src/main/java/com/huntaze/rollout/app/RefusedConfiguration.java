package com.huntaze.rollout.app;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.settings.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The report that a changed configuration is refused and the running one stays. */
final class RefusedConfiguration {
  private static final int SHOWN = 3;

  private RefusedConfiguration() {}

  /**
   * @param file where it was read from
   * @param at wall clock in milliseconds
   */
  static Alert alert(String file, ConfigException refused, long at) {
    List<Problem> problems = refused.problems();
    String first =
        problems.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("; "));
    String sentence =
        "Configuration %s is refused for %d problem%s, the running one stays: %s"
            .formatted(file, problems.size(), problems.size() == 1 ? "" : "s", first);
    return Alert.of(Alert.Kind.CONFIGURATION_REFUSED, "configuration " + file, sentence, at);
  }
}
