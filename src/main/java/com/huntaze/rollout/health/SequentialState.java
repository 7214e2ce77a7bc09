package com.huntaze.rollout.health;

import static com.huntaze.rollout.health.JudgeCheckpoint.required;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Everything that the sequential tests remember of a rollout, in plain numbers, for a checkpoint.
 *
 * @param tick the last tick that is in it: a tick is never counted twice
 * @param stepsPaid up to which second the masses have entered, -1 = none
 * @param stagesPaid a bit for each stage whose start has been paid for
 * @param error the wealth of the test of the error rate
 * @param latency of the latency
 * @param cost of the cost
 * @param baseline of the comparison
 * @param canary the sums of what the first three tests have seen
 * @param arms the sum of what the comparison has seen
 * @param pending the batch of the comparison that is still open
 * @param pendingMillis for how long it has been open
 * @param keys Foundry's user keys, as words of a sketch
 */
public record SequentialState(
    long tick,
    long stepsPaid,
    long stagesPaid,
    Wealth error,
    Wealth latency,
    Wealth cost,
    Wealth baseline,
    SampledTally canary,
    ArmCounts arms,
    ArmCounts pending,
    long pendingMillis,
    List<Long> keys) {

  /**
   * Copies the list, so that the record never changes.
   *
   * @throws IllegalArgumentException naming what is missing, as in a damaged file
   */
  public SequentialState {
    required("error", error);
    required("latency", latency);
    required("cost", cost);
    required("baseline", baseline);
    required("canary", canary);
    required("arms", arms);
    required("pending", pending);
    keys = List.copyOf(required("keys", keys));
  }

  /** The same after a tick that had nothing for the tests. */
  SequentialState at(long newTick) {
    return new SequentialState(
        newTick,
        stepsPaid,
        stagesPaid,
        error,
        latency,
        cost,
        baseline,
        canary,
        arms,
        pending,
        pendingMillis,
        keys);
  }

  /**
   * One test's wealth; see {@link Mixture}.
   *
   * @param rest the mass that has not been bet yet
   * @param logWealth each bet's logarithm, nats
   * @param stretches what speaks for each bet
   */
  public record Wealth(double rest, List<Double> logWealth, List<CusumRun> stretches) {
    /** Copies the lists, so that the record never changes. */
    public Wealth {
      logWealth = List.copyOf(required("logWealth", logWealth));
      stretches = List.copyOf(required("stretches", stretches));
    }

    static Wealth of(Mixture mixture) {
      return of(mixture, CusumRun.none(mixture.logWealth().size()));
    }

    private static Wealth of(Mixture mixture, List<CusumRun> stretches) {
      return new Wealth(mixture.rest(), mixture.logWealth(), stretches);
    }

    /**
     * The wealth after one tick.
     *
     * @param mass what enters before it
     * @param logFactors what each bet wins in it, nats
     * @param tick the tick's counts
     */
    Wealth bet(Mixture.Mass mass, double[] logFactors, CusumRun tick) {
      List<CusumRun> after =
          IntStream.range(0, logFactors.length)
              .mapToObj(bet -> stretches.get(bet).then(logFactors[bet], tick))
              .toList();
      return of(mixture().bet(mass, logFactors), after);
    }

    /** The stretch of the bet that it speaks for most. */
    CusumRun strongest() {
      return stretches.stream()
          .max(Comparator.comparingDouble(CusumRun::nats))
          .orElse(CusumRun.NONE);
    }

    Mixture mixture() {
      return Mixture.restored(rest, logWealth);
    }
  }
}
