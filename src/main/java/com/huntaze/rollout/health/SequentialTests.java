package com.huntaze.rollout.health;

import com.huntaze.rollout.provider.Provider;

/**
 * The four sequential tests of a rollout, tick by tick. Together they are ever wrong with a
 * probability of at most alpha: 0.3 of it is the error rate's, 0.3 the latency's, 0.2 the cost's
 * and 0.2 the comparison's. They look at Foundry's sampled exchanges of all stages of an epoch.
 *
 * <p>The comparison is made in batches of at least 10 s, closed by the clock once both arms have an
 * outcome, and dropped after 5 minutes without: at one outcome a minute no tick would ever have
 * both. The split assigns the exchanges of a batch at random, so rates that change within it hit
 * both arms alike.
 *
 * <p>Pure: a state and a tick give the next state. Source: the statistics of the canary, 2 and 3.
 */
final class SequentialTests {
  private static final double ERROR_PART = 0.3;
  private static final double LATENCY_PART = 0.3;
  private static final double COST_PART = 0.2;
  private static final double BASELINE_PART = 0.2;
  private static final long BATCH_MILLIS = 10_000;
  private static final long LONGEST_BATCH_MILLIS = 300_000;

  private final SequentialSettings settings;
  private final ChangePointPrior masses;
  private final SequentialTest errorTest;
  private final SequentialTest latencyTest;
  private final CostTest costTest = new CostTest();
  private final BaselineTest baselineTest;

  SequentialTests(HealthSettings health, RolloutPlan plan) {
    Thresholds limits = Thresholds.of(health);
    settings = health.sequential();
    masses = ChangePointPrior.of(plan.stages(), plan.planned(), settings.alpha());
    errorTest = new SequentialTest(limits.errorBasisPoints() / 10_000.0);
    latencyTest = new SequentialTest(limits.slowBasisPoints() / 10_000.0);
    baselineTest = new BaselineTest(health.baseline().ratio(), health.baseline().margin());
  }

  /** Before the rollout's first tick. */
  SequentialState start() {
    return new SequentialState(
        0,
        -1,
        0,
        SequentialState.Wealth.of(errorTest.start()),
        SequentialState.Wealth.of(latencyTest.start()),
        SequentialState.Wealth.of(costTest.start()),
        SequentialState.Wealth.of(baselineTest.start()),
        SampledTally.NONE,
        ArmCounts.NONE,
        ArmCounts.NONE,
        0,
        KeySketch.EMPTY.words());
  }

  /**
   * The state after a tick, or the same state when it has that tick already.
   *
   * @param tick its number
   * @param stage the stage's place on the ladder
   * @param elapsed milliseconds since the rollout's first stage began
   * @param sinceLast milliseconds since the tick before
   */
  SequentialState next(
      SequentialState state,
      long tick,
      int stage,
      long elapsed,
      long sinceLast,
      TickCounts counts) {
    if (tick <= state.tick()) {
      return state;
    }
    long step = Math.max(state.stepsPaid(), elapsed / ChangePointPrior.STEP_MILLIS);
    Mixture.Mass mass = masses.steps(state.stepsPaid(), step);
    long stageBit = stage >= 0 && stage < Long.SIZE ? 1L << stage : 0;
    if (stageBit != 0 && (state.stagesPaid() & stageBit) == 0) {
      mass = mass.plus(masses.atStart(stage));
    }
    SampledTally more = counts.sampled(Provider.FOUNDRY);
    Batch batch = batch(state, sinceLast, more, counts.sampled(Provider.LEGACY));
    return new SequentialState(
        tick,
        step,
        state.stagesPaid() | stageBit,
        state
            .error()
            .bet(
                mass,
                errorTest.logFactors(more.settled(), more.errors()),
                CusumRun.of(more.settled(), more.errors())),
        state
            .latency()
            .bet(
                mass,
                latencyTest.logFactors(more.observed(), more.slow()),
                CusumRun.of(more.observed(), more.slow())),
        state
            .cost()
            .bet(
                mass,
                costTest.logFactors(more.costWealth()),
                CusumRun.of(more.costKnown(), more.costNano())),
        state
            .baseline()
            .bet(mass, baselineTest.logFactors(batch.closed), CusumRun.of(batch.closed)),
        state.canary().plus(more),
        state.arms().plus(batch.closed),
        batch.open,
        batch.openMillis,
        KeySketch.of(state.keys()).union(counts.foundryKeys()).words());
  }

  /**
   * What the tests say.
   *
   * @param unpricedNow whether too much cost data is missing in the window
   */
  SequentialFigures figures(SequentialState state, boolean unpricedNow) {
    SampledTally seen = state.canary();
    long keys = KeySketch.of(state.keys()).count() + seen.keyless();
    ArmCounts arms = state.arms();
    boolean unpriced = unpricedNow || isUnpriced(seen.unpriced(), seen.costKnown());
    EvidenceFigures cost =
        figures(state.cost(), COST_PART, seen.costKnown(), seen.costNano(), keys);
    return new SequentialFigures(
        figures(state.error(), ERROR_PART, seen.settled(), seen.errors(), keys),
        figures(state.latency(), LATENCY_PART, seen.observed(), seen.slow(), keys),
        unpriced && settings.enabled() ? inconclusive(cost) : cost,
        figures(state.baseline(), BASELINE_PART, arms.canary(), arms.canaryErrors(), keys),
        arms,
        keys);
  }

  /**
   * Refuses a state that these tests could not go on from.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  void check(SequentialState state) {
    check("error", state.error(), errorTest.start());
    check("latency", state.latency(), latencyTest.start());
    check("cost", state.cost(), costTest.start());
    check("baseline", state.baseline(), baselineTest.start());
  }

  private static void check(String name, SequentialState.Wealth wealth, Mixture start) {
    int bets = wealth.mixture().logWealth().size();
    int expected = start.logWealth().size();
    if (bets != expected || wealth.stretches().size() != expected) {
      throw new IllegalArgumentException(
          "%s: %d bets and %d stretches (expected: %d)"
              .formatted(name, bets, wealth.stretches().size(), expected));
    }
  }

  /** Whether the cost of more than 5 % of the successes is missing. */
  static boolean isUnpriced(long unpriced, long known) {
    return unpriced > (unpriced + known) / 20.0;
  }

  private EvidenceFigures figures(
      SequentialState.Wealth wealth, double part, long samples, long hits, long keys) {
    double lnE = wealth.mixture().lnE();
    double threshold = Math.log(1 / (settings.alpha() * part));
    FloorSettings floor = settings.floor();
    EvidenceStatus status;
    if (!settings.enabled()) {
      status = EvidenceStatus.DISABLED;
    } else if (samples < floor.requests() || keys < floor.keys()) {
      status = EvidenceStatus.BELOW_FLOOR;
    } else {
      status = lnE >= threshold ? EvidenceStatus.EXCEEDED : EvidenceStatus.WATCHING;
    }
    return new EvidenceFigures(status, lnE, threshold, samples, hits, wealth.strongest());
  }

  private static EvidenceFigures inconclusive(EvidenceFigures figures) {
    return new EvidenceFigures(
        EvidenceStatus.INCONCLUSIVE,
        figures.lnE(),
        figures.threshold(),
        figures.samples(),
        figures.hits(),
        figures.stretch());
  }

  private static Batch batch(
      SequentialState state, long sinceLast, SampledTally canary, SampledTally baseline) {
    ArmCounts more =
        new ArmCounts(canary.settled(), canary.errors(), baseline.settled(), baseline.errors());
    ArmCounts open = state.pending().plus(more);
    long age = state.pendingMillis() + sinceLast;
    if (age >= BATCH_MILLIS && open.hasBoth()) {
      return new Batch(open, ArmCounts.NONE, 0);
    }
    boolean dropped = age >= LONGEST_BATCH_MILLIS;
    return new Batch(ArmCounts.NONE, dropped ? ArmCounts.NONE : open, dropped ? 0 : age);
  }

  private record Batch(ArmCounts closed, ArmCounts open, long openMillis) {}
}
