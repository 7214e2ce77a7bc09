package com.huntaze.rollout.quota;

import java.util.Arrays;
import java.util.List;

/**
 * One replica's part of a limit that is divided by what each is asked for. All divide alike, so
 * that the parts are the limit together.
 */
final class Division {
  /** A replica with less than this share of a rate has nothing of it: others use it all. */
  private static final double LEAST = 0.005;

  private final SharedLimit limit;

  /** Of all replicas. */
  private final Demand[] demands;

  /** By which all of them settle who gets the odd one. */
  private final List<String> names;

  /**
   * A division among as many replicas as there are demands.
   *
   * @param names of the replicas
   */
  Division(SharedLimit limit, Demand[] demands, List<String> names) {
    this.limit = limit;
    this.demands = demands.clone();
    this.names = names;
  }

  /** The part of one of them. */
  Part of(int replica) {
    return switch (limit.rule()) {
      case BY_NEED -> byNeed(replica);
      case BY_TRAFFIC -> byTraffic(replica);
      default -> throw new AssertionError(limit.rule());
    };
  }

  private Part byNeed(int replica) {
    double perSecond = Math.max(1, limit.perSecond());
    double[] needs = new double[demands.length];
    Arrays.setAll(needs, i -> demands[i].perSecond());
    double[] shares = filled(perSecond, needs);
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= perSecond;
    }
    return shares[replica] < LEAST
        ? new Part(0, 0)
        : new Part(shares[replica], 1 + furtherAtOnce(replica, shares));
  }

  /** One request for each who has a part of the rate, for less would be none, ever; and further: */
  private long furtherAtOnce(int replica, double... shares) {
    int open = 0;
    for (double share : shares) {
      open += share < LEAST ? 0 : 1;
    }
    long further = Math.max(0, limit.atOnce() - open);
    double[] needs = new double[demands.length];
    Arrays.setAll(needs, i -> Math.max(0, demands[i].most() - 1));
    double[] parts = filled(further, needs);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = shares[i] < LEAST ? 0 : parts[i];
    }
    return whole(replica, parts);
  }

  /** One more each: who has been asked for nothing has an equal part until there is much. */
  private Part byTraffic(int replica) {
    double[] parts = new double[demands.length];
    Arrays.setAll(parts, i -> demands[i].most() + 1);
    double sum = sum(parts);
    double share = parts[replica] / sum;
    for (int i = 0; i < parts.length; i++) {
      parts[i] *= limit.atOnce() / sum;
    }
    return new Part(share, whole(replica, parts));
  }

  /**
   * Each gets what it needs, and those who need the least as much more as there is, so that parts
   * stay equal while an equal part is enough. Where all need more than there is, each request has
   * the same chance wherever it comes, as it would have at one replica.
   */
  private static double[] filled(double whole, double... needs) {
    double sum = sum(needs);
    double[] parts = needs.clone();
    double level = sum < whole ? level(whole - sum, needs.clone()) : 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = sum > whole ? parts[i] * whole / sum : Math.max(parts[i], level);
    }
    return parts;
  }

  /** The level to which the least needs can be raised with what is left over. */
  private static double level(double spare, double... needs) {
    Arrays.sort(needs);
    double raised = spare;
    for (int count = 1; count < needs.length; count++) {
      raised += needs[count - 1];
      if (raised <= needs[count] * count) {
        return raised / count;
      }
    }
    return (raised + needs[needs.length - 1]) / needs.length;
  }

  /** A part as a whole number: those with the largest remainders get the odd ones. */
  private long whole(int replica, double... parts) {
    double left = Math.round(sum(parts));
    int before = 0;
    double own = parts[replica] - Math.floor(parts[replica]);
    for (int i = 0; i < parts.length; i++) {
      double rest = parts[i] - Math.floor(parts[i]);
      left -= Math.floor(parts[i]);
      boolean first = rest == own ? names.get(i).compareTo(names.get(replica)) < 0 : rest > own;
      before += first ? 1 : 0;
    }
    return (long) parts[replica] + (before < left ? 1 : 0);
  }

  private static double sum(double... numbers) {
    double sum = 0;
    for (double each : numbers) {
      sum += each;
    }
    return sum;
  }
}
