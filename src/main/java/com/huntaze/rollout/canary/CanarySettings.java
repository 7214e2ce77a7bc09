package com.huntaze.rollout.canary;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rollout: its stages, and what moves it from one to the next.
 *
 * @param autoStart whether a rollout that has never run starts by itself
 * @param salt the text that, with the user key, decides on which side a user is
 * @param stages the stages in order, percentages strictly increasing
 * @param warmup the first time of each stage, which is no evidence of slowness or cost
 * @param promote what a promotion needs besides the bake time
 */
public record CanarySettings(
    @Setting(
            value =
                "Whether a rollout without any state starts by itself: in a temporary directory, or in one"
                    + " that `state init` has marked as new. A lost state directory must not restart"
                    + " a rolled-back canary.",
            byDefault = "false")
        boolean autoStart,
    @Setting(
            value =
                "The text that, with the user key, decides on which side a user is. Changing it"
                    + " moves users.",
            byDefault = "'rollout'",
            pattern = "^[!-~]{1,64}$",
            expected = "1 to 64 visible ASCII characters")
        String salt,
    @Setting(
            value =
                "The stages in order; percentages grow, names are unique, every stage but the last"
                    + " has a `bake`.",
            byDefault =
                "[{'phase': 'canary_10', 'percentage': 10, 'bake': '24h'},"
                    + " {'phase': 'canary_50', 'percentage': 50, 'bake': '48h'},"
                    + " {'phase': 'full', 'percentage': 100}]",
            minItems = 1)
        List<StageSettings> stages,
    @Setting(
            value =
                "The first time of each stage, which is no evidence of slowness or cost, and no time"
                    + " of health; the latency limit is added to it. Errors count at once.",
            byDefault = "'0s'",
            min = "0s",
            max = "24h")
        Duration warmup,
    @Setting("What a promotion needs besides the bake time.") PromoteSettings promote)
    implements Checked {
  private static final Set<String> RESERVED = Set.of("initial", "rollback");

  /** Copies the list, so that the record never changes. */
  public CanarySettings {
    stages = List.copyOf(stages);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < stages.size(); i++) {
      checkName(i, names, problems);
      checkPercentage(i, problems);
      checkBake(i, problems);
    }
    return problems;
  }

  private void checkName(int i, Set<String> names, List<Problem> problems) {
    String phase = stages.get(i).phase();
    if (RESERVED.contains(phase)) {
      problems.add(at(i, "phase", quoted(phase), "another name than initial and rollback"));
    } else if (!names.add(phase)) {
      problems.add(at(i, "phase", quoted(phase), "a name that no earlier stage has"));
    }
  }

  private void checkPercentage(int i, List<Problem> problems) {
    int percentage = stages.get(i).percentage();
    if (i > 0 && percentage <= stages.get(i - 1).percentage()) {
      String expectation =
          "more than the " + stages.get(i - 1).percentage() + " of the stage before";
      problems.add(at(i, "percentage", Integer.toString(percentage), expectation));
    }
  }

  private void checkBake(int i, List<Problem> problems) {
    if (i < stages.size() - 1 && stages.get(i).bake() == null) {
      problems.add(at(i, "bake", "missing", "a duration, on every stage but the last"));
    }
  }

  private static Problem at(int stage, String key, String value, String expectation) {
    return new Problem("stages[" + stage + "]." + key, value, expectation);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
