package com.huntaze.rollout.judge.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Apart;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.Maker;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.RequesterTotals;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.UserSampler;
import com.huntaze.rollout.provider.Provider;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvidenceMeanTest {
  private static final double TINY = 1e-9;
  private final SequentialTests tests = new SequentialTests(Health.DEFAULTS, Health.PLAN);

  private static StageTotals totals(long n, long errors) {
    Counts counts =
        Counts.of(Counter.SETTLED, n)
            .with(Counter.ERRORS, errors)
            .with(Counter.SEEN, n)
            .with(Counter.SEEN_ERRORS, errors)
            .with(Counter.OBSERVED, n);
    return StageTotals.of(counts, counts);
  }

  private static MetricsCollector.Tick tick(long n, long errors) {
    MetricsCollector.Tick tick = new MetricsCollector.Tick(false);
    tick.add(Provider.FOUNDRY, totals(n, errors), KeySketch.EMPTY);
    return tick;
  }

  private static MetricsCollector.Tick tickOf(Maker maker, long n, long errors) {
    MetricsCollector.Tick tick = tick(n, errors);
    tick.apart(
        Provider.FOUNDRY, new RequesterTotals(maker, 1, totals(n, errors)), totals(n, errors));
    return tick;
  }

  private SequentialState next(SequentialState state, MetricsCollector.Tick tick) {
    long number = state.tick() + 1;
    return tests.next(state, number, 0, number * 1_000, 1_000, tick);
  }

  private static double wealth(SequentialState state) {
    return Math.exp(state.of(Metric.ERROR_RATE).mixture().lnE());
  }

  private static double without(SequentialState state) {
    return Math.exp(LeaveOneOut.lnE(state.of(Metric.ERROR_RATE)));
  }

  @Test
  void theWealthIsTheMeanByShares() {
    SequentialState common = next(tests.start(), tick(100, 8));
    SequentialState one = next(common, tick(40, 9));
    SequentialState other = next(common, tick(60, 1));
    SequentialState both = one.meets(2.0 / 3, other.since(common), 1.0 / 3);
    assertThat(wealth(both)).isCloseTo((2 * wealth(one) + wealth(other)) / 3, within(TINY));
    assertThat(both.canary().get(Counter.SEEN)).isEqualTo(200);
    assertThat(both.tick()).isEqualTo(one.tick());
  }

  @Test
  void aSideNeedsSoMuchMoreAsItsShareIsLess() {
    SequentialState state = next(tests.start(), tick(100, 8));
    double all = tests.figures(state, false).of(Metric.ERROR_RATE).threshold();
    double third = tests.figures(state, false, 1.0 / 3).of(Metric.ERROR_RATE).threshold();
    assertThat(third).isCloseTo(all + Math.log(3), within(TINY));
  }

  /** Together they have begun with all of it: a share of what both have is not taken away again. */
  @Test
  void sharesThatAreNotAllOfItAreWeighedAgainstEachOther() {
    SequentialState one = next(tests.start(), tick(40, 9));
    SequentialState other = next(tests.start(), tick(60, 1));
    SequentialState both = one.meets(0.2, other, 0.6);
    assertThat(wealth(both)).isCloseTo((wealth(one) + 3 * wealth(other)) / 4, within(TINY));
  }

  @Test
  void theSameEvidenceTwiceIsNoMore() {
    SequentialState one = next(tests.start(), tick(100, 12));
    SequentialState both = one.meets(0.5, one.since(one), 0.5);
    assertThat(wealth(both)).isCloseTo(wealth(one), within(TINY));
    assertThat(both.canary()).isEqualTo(one.canary());
  }

  /** On the side that has not seen a user nothing is left out. */
  @Test
  void oneUserOfOneSideIsLeftOutOfBoth() {
    Maker user = new Maker(Apart.USER, UserSampler.hash("alice"));
    SequentialState common = next(tests.start(), tick(100, 4));
    SequentialState one = next(common, tickOf(user, 20, 20));
    SequentialState other = next(common, tick(60, 1));
    SequentialState both = one.meets(0.5, other.since(common), 0.5);
    assertThat(without(both)).isCloseTo((without(one) + wealth(other)) / 2, within(TINY));
    SequentialState turned = other.meets(0.5, one.since(common), 0.5);
    assertThat(without(turned)).isCloseTo(without(both), within(TINY));
  }

  @Test
  void oneUserOfBothSidesIsLeftOutOfBoth() {
    Maker user = new Maker(Apart.USER, UserSampler.hash("alice"));
    SequentialState one = next(tests.start(), tickOf(user, 20, 20));
    SequentialState other = next(tests.start(), tickOf(user, 30, 30));
    SequentialState both = one.meets(0.25, other, 0.75);
    assertThat(without(both)).isCloseTo((without(one) + 3 * without(other)) / 4, within(TINY));
    assertThat(both.of(Metric.ERROR_RATE).without()).hasSize(1);
  }

  @Test
  void asManyAsBeforeAreKeptApart() {
    SequentialState one = tests.start();
    SequentialState other = tests.start();
    for (int i = 0; i < 30; i++) {
      one = next(one, tickOf(new Maker(Apart.USER, 1_000 + i), 5, 3));
      other = next(other, tickOf(new Maker(Apart.USER, 2_000 + i), 5, 3));
    }
    SequentialState both = one.meets(0.5, other, 0.5);
    assertThat(both.of(Metric.ERROR_RATE).without()).hasSize(LeaveOneOut.MOST_USERS);
    tests.check(both);
  }

  /** The longest way that two ways can be: nothing is, and stays, finite. */
  @Test
  void allWealthThatIsGoneOnOneSideIsFinite() {
    SequentialState rich = next(tests.start(), tick(10_000, 9_000));
    SequentialState poor = next(tests.start(), tick(10_000_000, 0));
    SequentialState both = poor.meets(0.5, rich, 0.5);
    double expected = rich.of(Metric.ERROR_RATE).mixture().lnE() - Math.log(2);
    assertThat(both.of(Metric.ERROR_RATE).mixture().lnE()).isCloseTo(expected, within(1e-6));
    tests.check(next(both, tick(10, 1)));
  }

  /**
   * Foundry fails exactly as often as it may, a fleet of three parts and meets all the time, and
   * each side acts by its share of alpha: the chance that any of them ever rolls back stays at most
   * alpha.
   */
  @Test
  void alphaIsTheRolloutsHoweverOftenSidesPart() {
    int rollouts = 2_000;
    double part = Metric.ERROR_RATE.alphaPart() * Health.DEFAULTS.sequential().alpha();
    int wrong = 0;
    for (int i = 0; i < rollouts; i++) {
      wrong += everActs(Streams.of(77, i), part) ? 1 : 0;
    }
    assertThat(wrong / (double) rollouts)
        .isLessThanOrEqualTo(part + 3 * Math.sqrt(part / rollouts));
  }

  private boolean everActs(SplittableRandom chance, double alpha) {
    SequentialState leader = tests.start();
    for (int parting = 0; parting < 12; parting++) {
      SequentialState common = leader;
      double share = chance.nextBoolean() ? 2.0 / 3 : 1.0 / 3;
      SequentialState side = common;
      int ticks = 1 + chance.nextInt(20);
      for (int i = 0; i < ticks; i++) {
        leader = next(leader, hits(chance, 20));
        side = next(side, hits(chance, 10));
        if (wealth(leader) >= 1 / (share * alpha) || wealth(side) >= 1 / ((1 - share) * alpha)) {
          return true;
        }
      }
      leader = leader.meets(share, side.since(common), 1 - share);
      if (wealth(leader) >= 1 / alpha) {
        return true;
      }
    }
    return false;
  }

  private static MetricsCollector.Tick hits(SplittableRandom chance, int n) {
    int hits = 0;
    for (int i = 0; i < n; i++) {
      hits += chance.nextDouble() < 0.05 ? 1 : 0;
    }
    return tick(n, hits);
  }
}
