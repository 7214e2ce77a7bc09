package com.huntaze.rollout.judge.sequential;

import static com.huntaze.rollout.judge.window.Members.required;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Everything that the sequential tests remember of a rollout, in plain numbers, for a checkpoint.
 *
 * @param tick the last tick that is in it: a tick is never counted twice
 * @param stepsPaid up to which second the masses have entered, -1 = none
 * @param stagesPaid a bit for each stage whose start has been paid for
 * @param wealth of each metric's test; one that is missing has not begun
 * @param canary the sums of what the tests have seen of Foundry
 * @param arms the sum of what the comparison has seen
 * @param pending the batch of the comparison that is still open
 * @param pendingMillis for how long it has been open
 * @param keys Foundry's user keys, as words of a sketch
 */
public record SequentialState(
    long tick,
    long stepsPaid,
    long stagesPaid,
    Map<Metric, Wealth> wealth,
    Counts canary,
    ArmCounts arms,
    ArmCounts pending,
    long pendingMillis,
    List<Long> keys) {

  /**
   * Copies the map and the list, so that the record never changes.
   *
   * @throws IllegalArgumentException naming what is missing, as in a damaged file
   */
  public SequentialState {
    Map<Metric, Wealth> copy = new EnumMap<>(Metric.class);
    required("wealth", wealth)
        .forEach((metric, each) -> copy.put(metric, required("wealth." + metric.label(), each)));
    wealth = Collections.unmodifiableMap(copy);
    required("canary", canary);
    required("arms", arms);
    required("pending", pending);
    keys = List.copyOf(required("keys", keys));
  }

  /** A metric's wealth. */
  public Wealth of(Metric metric) {
    return wealth.get(metric);
  }

  /** The same after a tick that had nothing for the tests. */
  public SequentialState at(long newTick) {
    return new SequentialState(
        newTick, stepsPaid, stagesPaid, wealth, canary, arms, pending, pendingMillis, keys);
  }

  /** The same evidence with the sums of what was seen after another state. */
  public SequentialState since(SequentialState before) {
    return new SequentialState(
        tick,
        stepsPaid,
        stagesPaid,
        wealth,
        canary.without(before.canary),
        arms.without(before.arms),
        pending,
        pendingMillis,
        keys);
  }

  /**
   * The state with which this side of a fleet and another one go on together: their mean, see
   * {@link EvidenceMean}.
   *
   * @param share of the rollout's wealth, above 0
   * @param other of the same tests, with the sums of what it has seen since the sides parted
   * @param itsShare of the rollout's wealth, above 0
   */
  public SequentialState meets(double share, SequentialState other, double itsShare) {
    return EvidenceMean.of(this, share, other, itsShare);
  }

  /** The same after a tick in which nothing was observed. */
  SequentialState waiting(long newTick, ArmCounts open, long openMillis) {
    return new SequentialState(
        newTick, stepsPaid, stagesPaid, wealth, canary, arms, open, openMillis, keys);
  }

  /** The same with the start of each test that is missing: of a metric that is new. */
  public SequentialState completedBy(SequentialState start) {
    Map<Metric, Wealth> complete = new EnumMap<>(start.wealth);
    complete.putAll(wealth);
    return new SequentialState(
        tick, stepsPaid, stagesPaid, complete, canary, arms, pending, pendingMillis, keys);
  }

  /**
   * One test's wealth; see {@link Mixture}.
   *
   * @param rest the mass that has not been bet yet
   * @param logWealth each bet's logarithm, nats
   * @param runs what speaks for each bet
   * @param without the same wealth without each maker that is kept apart; an older file has none
   */
  public record Wealth(
      double rest, List<Double> logWealth, List<CusumRun> runs, List<LeftOut> without) {
    /** Copies the lists, so that the record never changes. */
    public Wealth {
      logWealth = List.copyOf(required("logWealth", logWealth));
      runs = List.copyOf(required("runs", runs));
      without = without == null ? List.of() : List.copyOf(without);
    }

    public static Wealth of(Mixture mixture) {
      List<CusumRun> runs = CusumRun.none(mixture.logWealth().size());
      return new Wealth(mixture.rest(), mixture.logWealth(), runs, List.of());
    }

    /**
     * The wealth after one tick.
     *
     * @param mass what enters before it
     * @param logFactors what each bet wins in it, nats
     * @param tick the tick's counts
     * @param leftOut the same without each maker
     */
    public Wealth bet(
        Mixture.Mass mass, double[] logFactors, CusumRun tick, List<LeftOut> leftOut) {
      List<CusumRun> after =
          IntStream.range(0, logFactors.length)
              .mapToObj(bet -> runs.get(bet).then(logFactors[bet], tick))
              .toList();
      Mixture mixture = mixture().bet(mass, logFactors);
      return new Wealth(mixture.rest(), mixture.logWealth(), after, leftOut);
    }

    /** The run of the bet that it speaks for most. */
    public CusumRun strongest() {
      return runs.stream().max(Comparator.comparingDouble(CusumRun::nats)).orElse(CusumRun.NONE);
    }

    Mixture mixture() {
      return Mixture.restored(rest, logWealth);
    }
  }
}
