package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Metric;

/**
 * Something that people are told once in a stage, and that stays to be read for the whole rollout.
 *
 * @param action what follows from it
 * @param stage the stage's tag
 * @param at wall clock in milliseconds, when it was found first
 * @param sentence the finding for people
 */
public record Note(Metric metric, Rule rule, Action action, int stage, long at, String sentence) {

  boolean isWhole() {
    return metric != null && rule != null && action != null && sentence != null;
  }

  boolean isOf(int otherStage, Finding finding) {
    return stage == otherStage && metric == finding.metric() && rule == finding.rule();
  }
}
