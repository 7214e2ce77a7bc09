package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.MetricRow.State;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.difference.Difference.Side;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Locale;
import java.util.Optional;

/**
 * The rule that Foundry's users are worse off than legacy's at the same time, by more than chance
 * and by more than {@code health.baseline} allows.
 */
final class DifferenceRule implements RuleJudge {
  private static final double NANO = 1e9;

  private final HealthSettings settings;

  DifferenceRule(HealthSettings settings) {
    this.settings = settings;
  }

  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    Difference found = metrics.difference(metric);
    if (!found.worse()) {
      return Optional.empty();
    }
    return Optional.of(finding(metric, Rule.DIFFERENCE, found, sentence(metric, found)));
  }

  /** A finding of the rule, or of that of the parts of the traffic. */
  Finding finding(Metric metric, Rule rule, Difference found, String sentence) {
    return new Finding(
        metric,
        rule,
        metric.action(settings),
        told(found.trait(), found.foundry().figure()),
        told(found.trait(), limit(found)),
        found.foundry().exchanges(),
        -found.lnChance(),
        -found.lnNeeded(),
        sentence);
  }

  /** The largest figure that is no finding; of a trait that may differ either way the larger. */
  double limit(Difference difference) {
    double legacy = difference.legacy().figure();
    return difference.trait().isShare()
        ? settings.baseline().allowed(legacy)
        : Math.max(settings.baseline().ratio() * legacy, legacy + difference.trait().leastMore());
  }

  /** Both figures with their users, what is allowed, and what chance would do. */
  String sentence(Metric metric, Difference difference) {
    return sentence(metric.inSentence(), difference);
  }

  /** The same of one part of the traffic. */
  String sentence(String what, Difference difference) {
    Trait trait = difference.trait();
    return "%s: %s against legacy's %s%s (allowed: %s%s); %s%s"
        .formatted(
            what,
            side(trait, difference.foundry()),
            side(trait, difference.legacy()),
            difference.earlier() ? " of the stage before" : " at the same time",
            trait.goesEitherWay() ? text(trait, lowest(difference)) + " to " : "",
            text(trait, limit(difference)),
            odds(difference),
            rest(difference));
  }

  /**
   * Its row.
   *
   * @param what is compared, for the sentence
   */
  MetricRow row(Metric metric, String title, String what, Difference found) {
    boolean none = found.foundry().users() == 0 || found.legacy().users() == 0;
    State enough = found.isLookedAt() ? State.OK : State.WAITING;
    Trait trait = found.trait();
    return new MetricRow(
        metric.label(),
        title,
        metric.action(settings),
        none ? "-" : text(trait, found.foundry().figure()),
        none ? "like legacy" : "<= " + text(trait, limit(found)),
        none ? "-" : text(trait, found.legacy().figure()),
        found.foundry().exchanges(),
        none ? State.NO_DATA : found.worse() ? State.OVER : enough,
        none ? "not compared yet" : sentence(what, found),
        none ? Double.NaN : told(trait, found.foundry().figure()),
        none ? Double.NaN : told(trait, limit(found)));
  }

  private static String rest(Difference difference) {
    if (!difference.worse()) {
      return difference.ofOneKey()
          ? "; of the users of one API key alone, which decides nothing"
          : "";
    }
    Difference.Recovery recovery = difference.recovery();
    return "; over when %d further requests of foundry are within that (%d so far)"
        .formatted(recovery.awaited(), recovery.seen());
  }

  private double lowest(Difference difference) {
    return difference.legacy().figure() / settings.baseline().ratio();
  }

  private static String side(Trait trait, Side side) {
    return trait.isShare()
        ? "%s (%d of %d users)".formatted(text(trait, side.figure()), side.having(), side.users())
        : "%s (%d users)".formatted(text(trait, side.figure()), side.users());
  }

  private static String odds(Difference difference) {
    if (!difference.isLookedAt()) {
      return "too few users to compare";
    }
    String alike =
        difference.lnChance() > -Math.log(2)
            ? "users who are alike often look like this"
            : "users who are alike look like this 1 time in "
                + Figure.timesOf(-difference.lnChance(), 2);
    return "%s (holds at 1 in %s)".formatted(alike, Figure.timesOf(-difference.lnNeeded(), 2));
  }

  /** A figure as a number for programs: a share 0..1, milliseconds, tokens or USD. */
  static double told(Trait trait, double figure) {
    return trait.unit() == Trait.Unit.NANO_USD ? figure / NANO : figure;
  }

  /** A figure in its unit. */
  static String text(Trait trait, double figure) {
    return switch (trait.unit()) {
      case SHARE -> Figure.percent(figure);
      case MILLIS -> Figure.millis(figure);
      case TOKENS -> String.format(Locale.ROOT, "%.0f tokens", figure);
      case NANO_USD -> String.format(Locale.ROOT, "%.6f USD", figure / NANO);
    };
  }
}
