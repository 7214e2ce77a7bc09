package com.huntaze.rollout.canary;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The part of a rollout that is kept over a restart: written whole, read whole.
 *
 * @param snapshot the committed state
 * @param healthyMillis how long the stage had been healthy
 * @param configured the share that was given explicitly when this was written, if one was
 * @param judge the judge's checkpoint, a tree of maps, lists, text and numbers; empty = none
 * @param history the latest transitions, oldest first, at most {@link #MOST_TRANSITIONS}
 */
public record Saved(
    CanarySnapshot snapshot,
    long healthyMillis,
    OptionalInt configured,
    Map<String, Object> judge,
    List<Transition> history) {

  /** The most transitions that are kept; older ones are in the log. */
  public static final int MOST_TRANSITIONS = 100;

  /** Keeps copies. */
  public Saved {
    judge = Map.copyOf(judge);
    history = List.copyOf(history);
  }

  /** The same with what the machine does not know. */
  public Saved with(OptionalInt configured, Map<String, Object> judge) {
    return new Saved(snapshot, healthyMillis, configured, judge, history);
  }

  /** Its transitions and those that are known: one that only a marker told of is not forgotten. */
  List<Transition> historyWith(List<Transition> known) {
    List<Transition> all = new ArrayList<>(history);
    known.stream().filter(each -> !all.contains(each)).forEach(all::add);
    return all.subList(Math.max(0, all.size() - MOST_TRANSITIONS), all.size());
  }
}
