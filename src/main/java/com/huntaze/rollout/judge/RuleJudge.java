package com.huntaze.rollout.judge;

import com.huntaze.rollout.judge.window.Metric;
import java.util.Optional;

/** One rule: what it finds wrong with a metric. Pure. */
interface RuleJudge {
  /** The metric's finding by this rule; empty = nothing is wrong. */
  Optional<Finding> judge(Metric metric, HealthMetrics metrics);
}
