package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.MetricRow.State;
import com.huntaze.rollout.judge.served.ServedShare;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The rule that Foundry serves another share of the users than was set: by more than chance, and by
 * more than a fifth. It decides nothing, and is told.
 */
final class ShareRule implements RuleJudge {
  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    ServedShare share = metrics.served();
    return share.off()
        ? Optional.of(
            new Finding(
                metric,
                Rule.SHARE,
                Action.ALERT,
                share.served(),
                share.set(),
                share.all(),
                -share.lnChance(),
                -share.lnNeeded(),
                sentence(share)))
        : Optional.empty();
  }

  /** Its figure beside the share that is set. */
  static MetricRow row(Metric metric, ServedShare share) {
    boolean none = share.all() == 0 || share.percentage() == 0;
    State enough = share.lnNeeded() < 0 ? State.OK : State.WAITING;
    return new MetricRow(
        metric.label(),
        metric.title(),
        Action.ALERT,
        none ? "-" : Figure.percent(share.served()),
        none ? "as set" : range(share),
        null,
        none ? 0 : share.all(),
        none ? State.NO_DATA : share.off() ? State.OVER : enough,
        none ? "no observation yet" : sentence(share),
        none ? Double.NaN : share.served(),
        none ? Double.NaN : share.most());
  }

  private static String range(ServedShare share) {
    return "%s to %s".formatted(Figure.percent(share.least()), Figure.percent(share.most()));
  }

  /** The share set and the share served, and where the rest has gone. */
  static String sentence(ServedShare share) {
    String figures =
        "%d %% was set, %s of %s users are served by foundry (each by his latest request; %s are fine)"
            .formatted(
                share.percentage(),
                Figure.percent(share.served()),
                number(share.all()),
                range(share));
    List<String> parts = new ArrayList<>(List.of(figures));
    missing(share).ifPresent(parts::add);
    if (share.off()) {
      parts.add(
          "within that chance makes it look like this 1 time in "
              + Figure.timesOf(-share.lnChance(), 2));
      parts.add(remedy(share));
    }
    return String.join("; ", parts);
  }

  /** The users whom the split gave to Foundry, and whom legacy serves. */
  private static Optional<String> missing(ServedShare share) {
    List<String> parts = new ArrayList<>();
    int failed = share.of(Serving.FAILED_OVER);
    int refused = share.of(Serving.NOT_ASKED);
    if (failed > 0) {
      parts.add("%s after foundry failed".formatted(number(failed)));
    }
    if (refused > 0) {
      parts.add("%s without asking it (breaker open or probe down)".formatted(number(refused)));
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "of the %s users whom the split gave to foundry legacy serves %s"
                .formatted(number(share.chosen()), String.join(" and ", parts)));
  }

  private static String remedy(ServedShare share) {
    if (share.isAllowed(share.chosenShare())) {
      return "look at foundry's breaker and probe (GET /api/v1/providers) and at its failures"
          + " (rollout_attempts_total)";
    }
    return "the split itself gave foundry %s: look for another split by the same users before this"
            .formatted(Figure.percent(share.chosenShare()))
        + " one, and for replicas with another share or canary.salt (overrides and requests that"
        + " one provider alone can answer do not count)";
  }

  private static String number(int users) {
    return String.format(Locale.ROOT, "%,d", users);
  }
}
