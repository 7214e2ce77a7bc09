package com.huntaze.rollout.judge.sequential;

import java.util.Arrays;
import java.util.List;

/**
 * The wealth of a gambler who bets against a null hypothesis with a mixture of bets, begun at
 * several times: under the null it is a nonnegative supermartingale that starts at 1, so by Ville's
 * inequality it ever reaches {@code 1/alpha} with a probability of at most {@code alpha}, however
 * often one looks.
 *
 * <p>Each bet k holds a logarithm of its wealth. New mass, taken from a rest that has not been bet
 * yet, enters over time; without it a long healthy history would have to be paid back before a late
 * regression is seen. Immutable. Source: the statistics of the canary, 1 and 2.
 *
 * <p>Everything is finite: no wealth is {@value #NOTHING}, whose exponential is 0, so that no
 * infinity and no NaN can arise or reach a file.
 */
public final class Mixture {
  /** The logarithm of no wealth. */
  static final double NOTHING = -1e300;

  /** The growth by an impossible event, in nats: true is infinity, and less is as valid. */
  static final double DECISIVE = 700;

  /** Terms this much below the largest one are lost in a double. */
  private static final double NEGLIGIBLE = 40;

  private final double rest;
  private final double[] logWealth;

  private Mixture(double rest, double[] logWealth) {
    this.rest = rest;
    this.logWealth = logWealth;
  }

  /** A gambler who has bet nothing yet. */
  public static Mixture unbet(int bets) {
    double[] nothing = new double[bets];
    Arrays.fill(nothing, NOTHING);
    return new Mixture(1, nothing);
  }

  /**
   * The gambler of whom {@link #rest} and {@link #logWealth} told.
   *
   * @throws IllegalArgumentException when these are no such numbers, as in a damaged file
   */
  static Mixture restored(double rest, List<Double> logWealth) {
    if (!(rest >= 0 && rest <= 1)) {
      throw new IllegalArgumentException("rest: " + rest + " (expected: 0..1)");
    }
    if (!logWealth.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("logWealth: " + logWealth + " (expected: finite)");
    }
    return new Mixture(rest, logWealth.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /**
   * Puts in new mass, in equal parts, then wins or loses.
   *
   * @param mass what enters before the outcome
   * @param logFactors for each bet the logarithm of what it is multiplied with
   */
  public Mixture bet(Mass mass, double[] logFactors) {
    double planned = Math.min(mass.planned(), rest);
    double entering = planned + mass.renewed();
    double[] after = logWealth.clone();
    double logShare = entering > 0 ? Math.log(entering / after.length) : NOTHING;
    for (int k = 0; k < after.length; k++) {
      double before = entering > 0 ? logAdd(after[k], logShare) : after[k];
      after[k] = before <= NOTHING ? NOTHING : before + logFactors[k];
    }
    return new Mixture(rest - planned, after);
  }

  /** The logarithm of the whole wealth, nats. */
  public double lnE() {
    double logRest = rest > 0 ? Math.log(rest) : NOTHING;
    double max = logRest;
    for (double each : logWealth) {
      max = Math.max(max, each);
    }
    double sum = logRest > max - NEGLIGIBLE ? Math.exp(logRest - max) : 0;
    for (double each : logWealth) {
      sum += each > max - NEGLIGIBLE ? Math.exp(each - max) : 0;
    }
    return max + Math.log(sum);
  }

  /** The mass that has not been bet yet, 0..1. */
  double rest() {
    return rest;
  }

  /** For a checkpoint: each bet's logarithm. */
  List<Double> logWealth() {
    return Arrays.stream(logWealth).boxed().toList();
  }

  /** The logarithm of the weighted mean of two wealths, of which the logarithms are given. */
  static double logMean(double weight, double one, double otherWeight, double other) {
    double first = one <= NOTHING ? NOTHING : Math.log(weight) + one;
    double second = other <= NOTHING ? NOTHING : Math.log(otherWeight) + other;
    return Math.max(first, second) <= NOTHING ? NOTHING : logAdd(first, second);
  }

  private static double logAdd(double one, double other) {
    double max = Math.max(one, other);
    double min = Math.min(one, other);
    return min < max - NEGLIGIBLE ? max : max + Math.log1p(Math.exp(min - max));
  }

  /**
   * Mass that enters at one moment.
   *
   * @param planned taken from the rest
   * @param renewed on top of it, after the planned time
   */
  public record Mass(double planned, double renewed) {
    public static final Mass NONE = new Mass(0, 0);
    public static final Mass ALL = new Mass(1, 0);

    public Mass plus(Mass other) {
      return new Mass(planned + other.planned, renewed + other.renewed);
    }
  }
}
