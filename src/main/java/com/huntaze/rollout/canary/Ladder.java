package com.huntaze.rollout.canary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The stages of a rollout, in order of their percentages; at least one. */
public final class Ladder {
  private final List<Stage> stages;

  private Ladder(List<Stage> stages) {
    this.stages = List.copyOf(stages);
  }

  /** The ladder of the configured stages; their settings have been checked to increase. */
  public static Ladder of(List<StageSettings> settings) {
    List<Stage> stages = new ArrayList<>();
    for (StageSettings stage : settings) {
      stages.add(new Stage(stages.size(), new Phase(stage.phase()), stage.percentage()));
    }
    return new Ladder(stages);
  }

  public List<Stage> stages() {
    return stages;
  }

  Stage first() {
    return stages.get(0);
  }

  /** The stage after {@code index}, which may be {@link Stage#NONE}; empty after the last. */
  Optional<Stage> after(int index) {
    return index + 1 < stages.size() ? Optional.of(stages.get(index + 1)) : Optional.empty();
  }

  /** The first stage that has at least this percentage, or the last one. */
  Stage covering(int percentage) {
    return stages.stream()
        .filter(stage -> stage.percentage() >= percentage)
        .findFirst()
        .orElse(stages.get(stages.size() - 1));
  }
}
