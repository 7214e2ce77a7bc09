package com.huntaze.rollout.quota;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A limit divided among replicas by what each is asked for: the parts are the limit together. */
final class Division {
  /** A replica with less than this share of a rate has nothing of it: others use it all. */
  private static final double LEAST = 0.005;

  private final double[] shares;
  private final long[] atOnce;

  /**
   * Divides among as many replicas as there are demands.
   *
   * @param names of the replicas, by which all of them settle who gets the odd one
   */
  Division(SharedLimit limit, List<Demand> demands, List<String> names) {
    double perSecond = Math.max(1, limit.perSecond());
    switch (limit.rule()) {
      case BY_NEED -> {
        shares = filled(1, demands, each -> each.perSecond() / perSecond);
        atOnce = bursts(limit.atOnce(), demands, names);
      }
      case BY_TRAFFIC -> {
        shares = proportions(demands);
        double[] parts = Arrays.stream(shares).map(each -> each * limit.atOnce()).toArray();
        atOnce = rounded(limit.atOnce(), parts, names);
      }
      default -> throw new AssertionError(limit.rule());
    }
  }

  /** The part of one of them. */
  Part of(int replica) {
    return new Part(shares[replica], atOnce[replica]);
  }

  /** One request at least for each who has a part of the rate: less would be none, ever. */
  private long[] bursts(long whole, List<Demand> demands, List<String> names) {
    long open = Arrays.stream(shares).filter(share -> share >= LEAST).count();
    double rest = Math.max(0, whole - open);
    double[] parts = filled(rest, demands, each -> each.most() - 1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = shares[i] < LEAST ? 0 : parts[i];
    }
    long[] rounded = rounded((long) rest, parts, names);
    for (int i = 0; i < parts.length; i++) {
      rounded[i] = shares[i] < LEAST ? 0 : rounded[i] + 1;
    }
    return rounded;
  }

  /**
   * Each gets what it needs, and those who need the least as much more as there is, so that parts
   * stay equal while an equal part is enough. Where all need more than there is, each request has
   * the same chance wherever it comes, as it would have at one replica.
   */
  private static double[] filled(
      double whole, List<Demand> demands, ToDoubleFunction<Demand> needs) {
    double[] need =
        demands.stream().mapToDouble(each -> Math.max(0, needs.applyAsDouble(each))).toArray();
    double sum = Arrays.stream(need).sum();
    if (sum >= whole) {
      return Arrays.stream(need).map(each -> sum == 0 ? 0 : each * whole / sum).toArray();
    }
    double level = level(whole - sum, need.clone());
    return Arrays.stream(need).map(each -> Math.max(each, level)).toArray();
  }

  /** The level to which the least needs can be raised with what is left over. */
  private static double level(double spare, double... needs) {
    Arrays.sort(needs);
    double raised = 0;
    for (int count = 1; count < needs.length; count++) {
      raised += needs[count - 1];
      double level = (raised + spare) / count;
      if (level <= needs[count]) {
        return level;
      }
    }
    return (Arrays.stream(needs).sum() + spare) / needs.length;
  }

  /** One more each: who has been asked for nothing has an equal part until there is much. */
  private static double[] proportions(List<Demand> demands) {
    double sum = demands.stream().mapToDouble(each -> each.most() + 1.0).sum();
    return demands.stream().mapToDouble(each -> (each.most() + 1) / sum).toArray();
  }

  /** Whole numbers instead, by largest remainders. */
  private static long[] rounded(long whole, double[] parts, List<String> names) {
    long[] rounded = Arrays.stream(parts).mapToLong(part -> (long) part).toArray();
    double[] rest =
        IntStream.range(0, parts.length).mapToDouble(i -> parts[i] - rounded[i]).toArray();
    long left =
        Math.min(whole, Math.round(Arrays.stream(parts).sum())) - Arrays.stream(rounded).sum();
    IntStream.range(0, parts.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -rest[i]).thenComparing(names::get))
        .limit(Math.max(0, left))
        .forEach(i -> rounded[i]++);
    return rounded;
  }
}
