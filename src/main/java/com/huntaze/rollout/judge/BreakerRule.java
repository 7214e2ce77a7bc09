package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Optional;

/**
 * The breaker's rule: it is open on failures of several users, and a trial or the probe has
 * confirmed it; or it opens again and again. An opening alone is no verdict: five failures in a row
 * come by chance, and a blip of a few seconds must not cost a rollout.
 */
final class BreakerRule implements RuleJudge {
  private final HealthSettings settings;

  BreakerRule(HealthSettings settings) {
    this.settings = settings;
  }

  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    BreakerFacts breaker = metrics.breaker();
    if (!breaker.isConfirmed() && !breaker.isAmongFailures() && !breaker.opensAgainAndAgain()) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            metric, Rule.BREAKER, metric.action(settings), 0, 0, 0, 0, 0, sentence(breaker)));
  }

  private static String sentence(BreakerFacts breaker) {
    if (breaker.isConfirmed()) {
      return open(breaker, breaker.probeDown() ? "its probe is down" : "its trial failed, too");
    }
    if (breaker.isAmongFailures()) {
      return open(
          breaker,
          "requests of %d more had failed shortly before while others succeeded"
              .formatted(breaker.earlier()));
    }
    return "circuit breaker of foundry opened %d times in ten minutes, each time on failures of"
            .formatted(breaker.openings())
        + " several users";
  }

  private static String open(BreakerFacts breaker, String why) {
    return "circuit breaker of foundry open on failures of %s, and %s"
        .formatted(users(breaker.users()), why);
  }

  private static String users(int users) {
    return users == 1 ? "the only user there is" : users + " users";
  }
}
