package com.huntaze.rollout.judge.difference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The test that two groups of users are alike, where chance has assigned each user to his group.
 *
 * <p>All users' figures are ranked together; a rank cannot be large because one user's figure is.
 * Where nobody is worse, a user's group has nothing to do with his rank: each is one of the first
 * group with its share p of the users. The chance that the first group's ranks then sum up to what
 * they do or more is at most min over t of exp(−t·s)·Π(1 − p + p·exp(t·rank)) (Chernoff's bound),
 * however the figures are distributed and however few the users are.
 *
 * <p>The user of the first group who speaks most for the difference is left out of the sum: it
 * stands without any one user.
 */
final class AssignmentTest {
  /** Ranks are brought together to so many, so that a look costs the same for all numbers. */
  private static final int RANKS = 64;

  private static final int HALVINGS = 48;
  private static final double STEEPEST = 400;

  private AssignmentTest() {}

  /**
   * Returns ln of a bound on that chance; 0 = nothing speaks for a difference.
   *
   * @param first the figures of the users of the first group
   * @param second those of the second
   */
  static double lnChance(double[] first, double[] second) {
    int users = first.length + second.length;
    if (first.length < 2 || second.length < 2) {
      return 0;
    }
    double[] ranks = ranks(first, second);
    double[][] groups = group(ranks);
    double sum = 0;
    double most = 0;
    for (int i = 0; i < first.length; i++) {
      sum += ranks[i];
      most = Math.max(most, ranks[i]);
    }
    return bound(groups, (double) first.length / users, sum - most);
  }

  /** The centred mid-ranks of all, −1/2 … 1/2, the first group's first; equal figures share one. */
  private static double[] ranks(double[] first, double[] second) {
    int users = first.length + second.length;
    double[] all = Arrays.copyOf(first, users);
    System.arraycopy(second, 0, all, first.length, second.length);
    double[] sorted = all.clone();
    Arrays.sort(sorted);
    double[] ranks = new double[users];
    for (int i = 0; i < users; i++) {
      int from = edge(sorted, all[i], false);
      int to = edge(sorted, all[i], true);
      ranks[i] = (from + to - 1.0) / 2 / Math.max(1, users - 1) - 0.5;
    }
    return ranks;
  }

  /** The number of figures below a value, or up to it. */
  private static int edge(double[] sorted, double value, boolean upTo) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = low + high >>> 1;
      boolean below = upTo ? sorted[middle] <= value : sorted[middle] < value;
      low = below ? middle + 1 : low;
      high = below ? high : middle;
    }
    return low;
  }

  /** Brings ranks that are close together, in place; returns pairs of a rank and its users. */
  private static double[][] group(double[] ranks) {
    double[] sums = new double[RANKS];
    double[] counts = new double[RANKS];
    for (double rank : ranks) {
      sums[groupOf(rank)] += rank;
      counts[groupOf(rank)]++;
    }
    for (int i = 0; i < ranks.length; i++) {
      int at = groupOf(ranks[i]);
      ranks[i] = sums[at] / counts[at];
    }
    List<double[]> groups = new ArrayList<>();
    for (int at = 0; at < RANKS; at++) {
      if (counts[at] > 0) {
        groups.add(new double[] {sums[at] / counts[at], counts[at]});
      }
    }
    return groups.toArray(double[][]::new);
  }

  private static int groupOf(double rank) {
    return Math.min(RANKS - 1, (int) ((rank + 0.5) * RANKS));
  }

  private static double bound(double[][] groups, double share, double sum) {
    double low = 0;
    double high = STEEPEST;
    if (slope(groups, share, sum, 0) >= 0) {
      return 0;
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      boolean falls = slope(groups, share, sum, middle) < 0;
      low = falls ? middle : low;
      high = falls ? high : middle;
    }
    double bound = -low * sum;
    for (double[] group : groups) {
      bound += group[1] * Math.log(1 - share + share * Math.exp(low * group[0]));
    }
    return Math.min(0, bound);
  }

  private static double slope(double[][] groups, double share, double sum, double steep) {
    double slope = -sum;
    for (double[] group : groups) {
      double odds = share * Math.exp(steep * group[0]);
      slope += group[1] * group[0] * odds / (1 - share + odds);
    }
    return slope;
  }
}
