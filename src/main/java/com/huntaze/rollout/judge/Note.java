package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Metric;
import java.time.Instant;

/**
 * Something that people are told once in a stage, and that stays to be read for the whole rollout.
 *
 * @param action what follows from it
 * @param stage the stage's tag
 * @param at wall clock in milliseconds, when it was found first
 * @param sentence the finding for people
 */
public record Note(Metric metric, Rule rule, Action action, int stage, long at, String sentence) {

  /** Tells whether it says what a rule that is only watched would have done. */
  public boolean tellsOfDryRun() {
    return rule != Rule.SHARE;
  }

  /** The note with its time: what would have been done when, and why. */
  public String text() {
    String done =
        switch (action) {
          case ROLLBACK -> "rolled back";
          case ALERT -> "alerted, and held the rollout";
          case OBSERVE ->
              throw new AssertionError("action: observe (expected: one that does something)");
        };
    return "would have %s at %s: %s".formatted(done, Instant.ofEpochMilli(at), sentence);
  }

  boolean isWhole() {
    return metric != null
        && rule != null
        && action != null
        && action != Action.OBSERVE
        && sentence != null;
  }

  boolean isOf(int otherStage, Finding finding) {
    return stage == otherStage && metric == finding.metric() && rule == finding.rule();
  }
}
