package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Metric;

/**
 * One thing that is wrong, with its numbers.
 *
 * @param action what follows from it
 * @param observed the figure found: a share 0..1, or USD for the cost; 0 for the breaker
 * @param limit the largest healthy figure, in the same unit
 * @param samples the observations that it was found in; 0 for the breaker
 * @param lnE the sequential evidence on the same metric, nats; 0 where there is none
 * @param lnThreshold the evidence that rolls back, nats; 0 where there is none
 * @param sentence all that for people, such as {@code error rate 33.3 % > 5.0 %, 14 of 42}
 */
public record Finding(
    Metric metric,
    Rule rule,
    Action action,
    double observed,
    double limit,
    long samples,
    double lnE,
    double lnThreshold,
    String sentence) {

  /** The same as a rule that is only watched would have acted on it. */
  Finding as(Action other, Rule watched, String why) {
    String told = "%s (%s; %s)".formatted(sentence, watched, why);
    return new Finding(metric, rule, other, observed, limit, samples, lnE, lnThreshold, told);
  }

  /** The same, of which people are only told. */
  Finding alerting() {
    return new Finding(
        metric, rule, Action.ALERT, observed, limit, samples, lnE, lnThreshold, sentence);
  }
}
