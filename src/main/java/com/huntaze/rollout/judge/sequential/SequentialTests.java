package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.health.FloorSettings;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.health.SequentialSettings;
import com.huntaze.rollout.judge.window.CostBets;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.Measure;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.provider.Provider;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The sequential tests of a rollout, tick by tick: one for each metric that has a part of alpha
 * ({@link Metric#alphaPart}). Together they are ever wrong with a probability of at most alpha.
 * They look at Foundry's sampled exchanges of all stages of an epoch.
 *
 * <p>The comparison is made in batches of at least 10 s, closed by the clock once both arms have an
 * outcome, and dropped after 5 minutes without: at one outcome a minute no tick would ever have
 * both. The split assigns the exchanges of a batch at random, so rates that change within it hit
 * both arms alike.
 *
 * <p>Pure: a state and a tick give the next state. Source: the statistics of the canary, 2 and 3.
 */
public final class SequentialTests {
  private static final long BATCH_MILLIS = 10_000;
  private static final long LONGEST_BATCH_MILLIS = 300_000;

  private final SequentialSettings settings;
  private final ChangePointPrior masses;
  private final Map<Metric, Bets> tests = new EnumMap<>(Metric.class);

  public SequentialTests(HealthSettings health, RolloutPlan plan) {
    settings = health.sequential();
    masses = ChangePointPrior.of(plan.stages(), plan.planned(), settings.alpha());
    Metric.judgedBy(Rule.SEQ).forEach(metric -> tests.put(metric, bets(metric, health)));
  }

  /** One metric's bets. */
  interface Bets {
    /** Before anything was bet. */
    Mixture start();

    /** Returns the win of each bet in one tick, nats. */
    double[] logFactors(StageTotals foundry, ArmCounts closed);

    /** Returns the growth of a run by the tick. */
    CusumRun run(StageTotals foundry, StageTotals legacy, ArmCounts closed, long elapsed);

    /** Returns the nats by which a maker's observations speak against Foundry, at most. */
    double gain(StageTotals maker);
  }

  private static Bets bets(Metric metric, HealthSettings health) {
    if (metric == Metric.BASELINE) {
      return new AgainstLegacy(
          new BaselineTest(health.baseline().ratio(), health.baseline().margin()));
    }
    return switch (metric.measure()) {
      case SHARE, P95 ->
          new OfShare(metric, new SequentialTest(metric.measure().bound(metric.limit(health))));
      case MEAN_COST -> new OfMeanCost(metric);
    };
  }

  private record OfShare(Metric metric, SequentialTest test) implements Bets {
    @Override
    public Mixture start() {
      return test.start();
    }

    @Override
    public double[] logFactors(StageTotals foundry, ArmCounts closed) {
      Counts more = foundry.sampled();
      boolean errors = metric.numerator() == Counter.ERRORS;
      return errors
          ? test.logFactors(more.get(Counter.SEEN), more.get(Counter.SEEN_ERRORS))
          : test.logFactors(more.get(metric.denominator()), more.get(metric.numerator()));
    }

    @Override
    public CusumRun run(StageTotals foundry, StageTotals legacy, ArmCounts closed, long elapsed) {
      Counts more = foundry.sampled();
      // What it tells must be what was bet on.
      Counts seen =
          metric.numerator() == Counter.ERRORS
              ? more.with(Counter.SETTLED, more.get(Counter.SEEN))
                  .with(Counter.ERRORS, more.get(Counter.SEEN_ERRORS))
              : more;
      return CusumRun.of(metric, seen, legacy.sampled(), elapsed);
    }

    @Override
    public double gain(StageTotals maker) {
      return most(logFactors(maker, ArmCounts.NONE));
    }
  }

  /** Tests "the mean cost is at most the limit" by the bets that the sources have summed. */
  private record OfMeanCost(Metric metric) implements Bets {
    @Override
    public Mixture start() {
      return Mixture.unbet(CostBets.COUNT);
    }

    @Override
    public double[] logFactors(StageTotals foundry, ArmCounts closed) {
      return foundry.costWealth().stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public CusumRun run(StageTotals foundry, StageTotals legacy, ArmCounts closed, long elapsed) {
      Counts more = foundry.sampled();
      // What it tells must be what was bet on.
      Counts seen =
          metric.numerator() == Counter.ERRORS
              ? more.with(Counter.SETTLED, more.get(Counter.SEEN))
                  .with(Counter.ERRORS, more.get(Counter.SEEN_ERRORS))
              : more;
      return CusumRun.of(metric, seen, legacy.sampled(), elapsed);
    }

    @Override
    public double gain(StageTotals maker) {
      return most(logFactors(maker, ArmCounts.NONE));
    }
  }

  private record AgainstLegacy(BaselineTest test) implements Bets {
    @Override
    public Mixture start() {
      return test.start();
    }

    @Override
    public double[] logFactors(StageTotals foundry, ArmCounts closed) {
      return test.logFactors(closed);
    }

    @Override
    public CusumRun run(StageTotals foundry, StageTotals legacy, ArmCounts closed, long elapsed) {
      return CusumRun.of(closed, elapsed);
    }

    /** Legacy's share is not its own: its errors are held against one in twenty. */
    @Override
    public double gain(StageTotals maker) {
      long errors = maker.sampled().get(Metric.BASELINE.numerator());
      return errors - maker.sampled().get(Metric.BASELINE.denominator()) / 20.0;
    }
  }

  private static double most(double[] logFactors) {
    return Arrays.stream(logFactors).max().orElse(0);
  }

  /** Before the rollout's first tick. */
  public SequentialState start() {
    Map<Metric, SequentialState.Wealth> wealth = new EnumMap<>(Metric.class);
    tests.forEach((metric, test) -> wealth.put(metric, SequentialState.Wealth.of(test.start())));
    return new SequentialState(
        0, -1, 0, wealth, Counts.NONE, ArmCounts.NONE, ArmCounts.NONE, 0, KeySketch.EMPTY.words());
  }

  /**
   * The state after a tick, or the same state when it has that tick already.
   *
   * @param tick its number
   * @param stage the stage's place on the ladder
   * @param elapsed milliseconds since the rollout's first stage began
   * @param sinceLast milliseconds since the tick before
   */
  public SequentialState next(
      SequentialState state,
      long tick,
      int stage,
      long elapsed,
      long sinceLast,
      MetricsCollector.Tick counts) {
    if (tick <= state.tick()) {
      return state;
    }
    StageTotals more = counts.of(Provider.FOUNDRY);
    Batch batch = batch(state, sinceLast, more, counts.of(Provider.LEGACY));
    boolean quiet =
        more.equals(StageTotals.NONE) && counts.of(Provider.LEGACY).equals(StageTotals.NONE);
    if (quiet && !batch.ended) {
      // Mass that enters before nothing happens is as good as mass that enters after it.
      return state.waiting(tick, batch.open, batch.openMillis);
    }
    long step = Math.max(state.stepsPaid(), elapsed / ChangePointPrior.STEP_MILLIS);
    Mixture.Mass steps = masses.steps(state.stepsPaid(), step);
    long stageBit = stage >= 0 && stage < Long.SIZE ? 1L << stage : 0;
    boolean first = stageBit != 0 && (state.stagesPaid() & stageBit) == 0;
    Mixture.Mass mass = first ? steps.plus(masses.atStart(stage)) : steps;
    LeaveOneOut.News news =
        new LeaveOneOut.News(
            mass,
            more,
            counts.apart(Provider.FOUNDRY),
            counts.apart(Provider.LEGACY),
            batch,
            elapsed);
    Map<Metric, SequentialState.Wealth> wealth = new EnumMap<>(Metric.class);
    tests.forEach(
        (metric, test) ->
            wealth.put(
                metric,
                state
                    .of(metric)
                    .bet(
                        mass,
                        test.logFactors(more, batch.closed),
                        test.run(more, counts.of(Provider.LEGACY), batch.closed, elapsed),
                        LeaveOneOut.next(state.of(metric), test, news))));
    return new SequentialState(
        tick,
        step,
        state.stagesPaid() | stageBit,
        wealth,
        state.canary().plus(more.sampled()),
        state.arms().plus(batch.closed),
        batch.open,
        batch.openMillis,
        KeySketch.of(state.keys()).union(counts.foundryKeys()).words());
  }

  /**
   * Returns the figures of the tests.
   *
   * @param unpricedNow whether too much cost data is missing in the window
   */
  public SequentialFigures figures(SequentialState state, boolean unpricedNow) {
    return figures(state, unpricedNow, 1);
  }

  /**
   * Returns the figures of the tests at one side of a parted fleet.
   *
   * @param unpricedNow whether too much cost data is missing in the window
   * @param share of the rollout's wealth that is this side's: so much rarer its findings must be
   */
  public SequentialFigures figures(SequentialState state, boolean unpricedNow, double share) {
    Counts seen = state.canary();
    long keys = KeySketch.of(state.keys()).count() + seen.get(Counter.KEYLESS);
    boolean unpriced = unpricedNow || isUnpriced(seen);
    Map<Metric, EvidenceFigures> evidence = new EnumMap<>(Metric.class);
    for (Metric metric : tests.keySet()) {
      Counts of = metric == Metric.BASELINE ? state.arms().foundry() : seen;
      EvidenceFigures figures = figures(metric, state.of(metric), of, keys, share);
      boolean unknown = metric.measure() == Measure.MEAN_COST && unpriced && settings.enabled();
      evidence.put(metric, unknown ? figures.with(EvidenceStatus.INCONCLUSIVE) : figures);
    }
    return new SequentialFigures(evidence, state.arms(), keys);
  }

  /**
   * Refuses a state that these tests could not go on from.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public void check(SequentialState state) {
    tests.forEach((metric, test) -> check(metric.testName(), state.of(metric), test.start()));
  }

  /** A test that is missing is of a metric that is new: it begins. */
  private static void check(String name, SequentialState.Wealth wealth, Mixture start) {
    int bets = wealth == null ? 0 : wealth.mixture().logWealth().size();
    int expected = start.logWealth().size();
    boolean same =
        bets == expected
            && wealth.runs().size() == expected
            && wealth.without().stream().allMatch(each -> each.logWealth().size() == expected);
    if (wealth != null && !same) {
      throw new IllegalArgumentException(
          "%s: %d bets and %d runs (expected: %d of each)"
              .formatted(name, bets, wealth.runs().size(), expected));
    }
  }

  /** Returns whether the cost of more than 5 % of the successes is missing. */
  public static boolean isUnpriced(Counts counts) {
    long unpriced = counts.get(Counter.UNPRICED);
    return unpriced > (unpriced + counts.get(Counter.COST_KNOWN)) / 20.0;
  }

  private EvidenceFigures figures(
      Metric metric, SequentialState.Wealth wealth, Counts seen, long keys, double share) {
    double lnE = wealth.mixture().lnE();
    double withoutOne = LeaveOneOut.lnE(wealth);
    double threshold = Math.log(1 / (share * settings.alpha() * metric.alphaPart()));
    FloorSettings floor = settings.floor();
    EvidenceStatus status;
    if (!settings.enabled()) {
      status = EvidenceStatus.DISABLED;
    } else if (seen.get(metric.denominator()) < floor.requests() || keys < floor.keys()) {
      status = EvidenceStatus.BELOW_FLOOR;
    } else if (lnE < threshold) {
      status = EvidenceStatus.WATCHING;
    } else {
      boolean stands = withoutOne >= LeaveOneOut.LEAST;
      status = stands ? EvidenceStatus.EXCEEDED : EvidenceStatus.ONE_ALONE;
    }
    return new EvidenceFigures(
        metric,
        status,
        lnE,
        threshold,
        withoutOne,
        seen.only(metric.counters()),
        wealth.strongest());
  }

  private static Batch batch(
      SequentialState state, long sinceLast, StageTotals foundry, StageTotals legacy) {
    ArmCounts open = state.pending().plus(ArmCounts.sampled(foundry, legacy));
    long age = state.pendingMillis() + sinceLast;
    if (age >= BATCH_MILLIS && open.hasBoth()) {
      return new Batch(open, ArmCounts.NONE, 0, true);
    }
    boolean dropped = age >= LONGEST_BATCH_MILLIS;
    return new Batch(ArmCounts.NONE, dropped ? ArmCounts.NONE : open, dropped ? 0 : age, dropped);
  }

  /**
   * @param closed what the comparison looks at now
   * @param open what waits for more
   * @param openMillis for how long
   * @param ended whether another one begins
   */
  record Batch(ArmCounts closed, ArmCounts open, long openMillis, boolean ended) {}
}
