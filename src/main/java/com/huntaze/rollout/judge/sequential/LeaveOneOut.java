package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Apart;
import com.huntaze.rollout.judge.window.Maker;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.StageTotals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Nobody alone decides: each test is made once more without each of the users and API keys that
 * speak most against Foundry, and a finding stands only if it is still likely without any one of
 * them. Pure.
 *
 * <p>Leaving out is a matter of the finding, not of sampling: a rule that skips a failing user's
 * observations lets one who fails every other time decide alone, and promotes what fails. The
 * figures of both are in {@code docs/reports/judge.md}.
 */
public final class LeaveOneOut {
  /** A finding is still 10 times likelier than a healthy Foundry without any one maker, nats. */
  public static final double LEAST = Math.log(10);

  static final int MOST_USERS = 16;
  static final int MOST_KEYS = 16;

  /** An API key is left out where others have made so many observations lately. */
  static final double SEVERAL = 3;

  /** The observations after which a gain counts half. */
  private static final double GAIN_HALF_LIFE = 2_000;

  /** The time after which an observation is half as late. */
  private static final double LATELY_MILLIS = 1_800_000;

  /** Of two alike always the same one stays. */
  private static final Comparator<LeftOut> BY_HASH =
      Comparator.comparingLong(each -> each.maker().hash());

  private LeaveOneOut() {}

  /** The news of a tick, as each test needs them. */
  record News(
      Mixture.Mass mass,
      StageTotals foundry,
      Map<Maker, StageTotals> foundryMakers,
      Map<Maker, StageTotals> legacyMakers,
      SequentialTests.Batch batch,
      long elapsed) {

    StageTotals foundry(Maker maker) {
      return foundryMakers.getOrDefault(maker, StageTotals.NONE);
    }

    ArmCounts arms(Maker maker) {
      return ArmCounts.sampled(foundry(maker), legacyMakers.getOrDefault(maker, StageTotals.NONE));
    }
  }

  /**
   * The wealth without each maker, after a tick.
   *
   * @param before the test's wealth before it
   */
  static List<LeftOut> next(SequentialState.Wealth before, SequentialTests.Bets test, News news) {
    List<LeftOut> after = new ArrayList<>();
    Set<Maker> known = new HashSet<>();
    for (LeftOut each : before.without()) {
      known.add(each.maker());
      after.add(next(each, test, news));
    }
    for (Maker maker : news.foundryMakers.keySet()) {
      if (!known.contains(maker)) {
        after.add(next(LeftOut.begin(maker, before, news.elapsed), test, news));
      }
    }
    return kept(after);
  }

  /** Those to go on with: the users who speak most against Foundry, and the busiest API keys. */
  static List<LeftOut> kept(List<LeftOut> all) {
    Stream<LeftOut> users =
        of(all, Apart.USER)
            .filter(each -> each.gain() > 0)
            .sorted(Comparator.comparingDouble(LeftOut::gain).reversed().thenComparing(BY_HASH))
            .limit(MOST_USERS);
    Stream<LeftOut> keys =
        of(all, Apart.API_KEY)
            .sorted(Comparator.comparingDouble(LeftOut::own).reversed().thenComparing(BY_HASH))
            .limit(MOST_KEYS);
    return Stream.concat(users, keys).toList();
  }

  private static Stream<LeftOut> of(List<LeftOut> all, Apart kind) {
    return all.stream().filter(each -> each.maker().kind() == kind);
  }

  private static LeftOut next(LeftOut before, SequentialTests.Bets test, News news) {
    StageTotals its = news.foundry(before.maker());
    ArmCounts pending = before.pending().plus(news.arms(before.maker()));
    ArmCounts closed = news.batch.closed().without(pending);
    double[] factors = test.logFactors(news.foundry.without(its), closed);
    long all = news.foundry.sampled().get(Metric.Counter.OBSERVED);
    long own = Math.min(all, its.sampled().get(Metric.Counter.OBSERVED));
    double fade = Math.pow(2, -all / GAIN_HALF_LIFE);
    double late = Math.pow(2, (before.atMillis() - news.elapsed) / LATELY_MILLIS);
    return before.with(
        Math.max(0, before.gain() * fade + test.gain(its)),
        before.own() * late + own,
        before.others() * late + (all - own),
        news.elapsed,
        before.mixture().bet(news.mass, factors),
        news.batch.ended() ? ArmCounts.NONE : pending);
  }

  /** The evidence without the one maker that it depends on most, nats. */
  static double lnE(SequentialState.Wealth wealth) {
    return wealth.without().stream()
        .filter(LeaveOneOut::applies)
        .mapToDouble(each -> each.mixture().lnE())
        .reduce(wealth.mixture().lnE(), Math::min);
  }

  /** An API key that is all there is is not left out: nothing would be left to look at. */
  private static boolean applies(LeftOut each) {
    return each.maker().kind() == Apart.USER || each.others() >= SEVERAL;
  }
}
