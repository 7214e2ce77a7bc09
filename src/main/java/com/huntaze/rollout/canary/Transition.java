package com.huntaze.rollout.canary;

import java.util.Locale;

/**
 * One change of a rollout: who did what, why, and what it changed.
 *
 * @param action what happened, such as START or ROLLBACK
 * @param before the snapshot that it changed
 * @param after the snapshot that it made
 * @param actor who asked
 * @param reason why, one sentence, may be empty
 * @param at wall clock in milliseconds
 */
public record Transition(
    Action action,
    CanarySnapshot before,
    CanarySnapshot after,
    String actor,
    String reason,
    long at) {

  /** The kinds of change. */
  public enum Action {
    START,
    ADVANCE,
    PAUSE,
    RESUME,
    SET,
    ROLLBACK,
    RESET;

    private String word() {
      return this == ROLLBACK
          ? name()
          : name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The change as one line for people: {@code Start canary foundry 0 % -> 10 % (canary_10, epoch
   * 1-a, by api): reason}. The same text stands in log, API and alerts.
   */
  public String sentence() {
    String line =
        "%s canary foundry %d %% -> %d %% (%s, epoch %s, by %s)"
            .formatted(
                action.word(),
                before.percentage(),
                after.percentage(),
                after.phase(),
                after.epoch(),
                actor);
    return reason.isEmpty() ? line : line + ": " + reason;
  }
}
