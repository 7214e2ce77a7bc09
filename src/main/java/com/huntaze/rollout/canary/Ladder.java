package com.huntaze.rollout.canary;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The stages of a rollout, in order of their percentages; at least one. */
public final class Ladder {
  private final List<Stage> stages;
  private final List<Duration> bakes;

  private Ladder(List<Stage> stages, List<Duration> bakes) {
    this.stages = List.copyOf(stages);
    this.bakes = List.copyOf(bakes);
  }

  /** The ladder of the configured stages; their settings have been checked to increase. */
  public static Ladder of(List<StageSettings> settings) {
    List<Stage> stages = new ArrayList<>();
    List<Duration> bakes = new ArrayList<>();
    for (StageSettings stage : settings) {
      bakes.add(stage.bake() == null ? Duration.ZERO : stage.bake());
      stages.add(new Stage(stages.size(), new Phase(stage.phase()), stage.percentage()));
    }
    return new Ladder(stages, bakes);
  }

  public List<Stage> stages() {
    return stages;
  }

  /**
   * Returns the time for which a stage must be healthy before the next one begins, in milliseconds.
   */
  public long bakeMillis(int index) {
    return index < 0 || index >= bakes.size() ? 0 : bakes.get(index).toMillis();
  }

  /**
   * Returns the time for which a share must be healthy before the next stage begins, in
   * milliseconds. One between the last two stages, which a person has set, is at the last, of which
   * there is no time: that of the stage before is the shortest that anybody has asked for.
   */
  public long bakeMillis(CanarySnapshot state) {
    int index = state.stage();
    boolean between =
        index == stages.size() - 1 && state.percentage() < stages.get(index).percentage();
    return bakeMillis(between ? index - 1 : index);
  }

  /** The stage that a share would be promoted to; empty at the end of the ladder. */
  public Optional<Stage> above(CanarySnapshot state) {
    return stages.stream()
        .filter(stage -> stage.percentage() > state.percentage())
        .findFirst()
        .or(() -> after(state.stage()));
  }

  /**
   * A snapshot at its place on this ladder, which may be another one than when it was written: its
   * stage by name. Where there is no such stage any more, the share stays as if a person had set
   * it, and nothing is promoted from it.
   */
  CanarySnapshot placed(CanarySnapshot state) {
    Position position = state.position();
    if (position.stage() == Stage.NONE) {
      return state;
    }
    Optional<Stage> same =
        stages.stream().filter(stage -> stage.phase().equals(position.phase())).findFirst();
    return state.at(
        same.map(position::at)
            .orElseGet(() -> position.at(covering(position.percentage())).byHand()));
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
