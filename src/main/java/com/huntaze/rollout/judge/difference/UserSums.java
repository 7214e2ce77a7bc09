package com.huntaze.rollout.judge.difference;

import java.util.Map;

/** The sums of one user at one provider, by trait. */
final class UserSums {
  /** Of a sum that is kept as a whole number. */
  private static final double THOUSAND = 1_000;

  private final long apiKey;
  private final int[] counts = new int[Trait.ALL.size()];
  private final double[] sums = new double[Trait.ALL.size()];

  UserSums(long apiKey) {
    this.apiKey = apiKey;
  }

  /** Hash of the API key that he came with first, 0 = none. */
  long apiKey() {
    return apiKey;
  }

  void add(Trait trait, double figure) {
    counts[trait.ordinal()]++;
    sums[trait.ordinal()] += figure;
  }

  /** The exchanges that have any figure of it. */
  int count(Trait trait) {
    return counts[trait.ordinal()];
  }

  double sum(Trait trait) {
    return sums[trait.ordinal()];
  }

  /** The user's figure: a share, or the mean of logarithms; he must have one. */
  double mean(Trait trait) {
    return sum(trait) / count(trait);
  }

  /**
   * The sums as a text: his hash and his API key's, then for each trait its number, how many, and
   * the sum.
   */
  String text(long user) {
    StringBuilder text = new StringBuilder(Long.toString(user, Character.MAX_RADIX));
    text.append(apiKey == 0 ? "" : "/" + Long.toString(apiKey, Character.MAX_RADIX));
    for (Trait trait : Trait.ALL) {
      if (count(trait) > 0) {
        long sum = Math.round(THOUSAND * sum(trait));
        text.append(' ').append(trait.ordinal()).append(':').append(count(trait));
        text.append(sum == 0 ? "" : ":" + Long.toString(sum, Character.MAX_RADIX));
      }
    }
    return text.toString();
  }

  /**
   * Reads such a text.
   *
   * @param into gets the user's hash and sums
   * @throws IllegalArgumentException when it is damaged
   */
  static void read(String text, Map<Long, UserSums> into) {
    String[] parts = text.split(" ");
    String[] who = parts[0].split("/");
    long apiKey = who.length < 2 ? 0 : Long.parseLong(who[1], Character.MAX_RADIX);
    UserSums sums = new UserSums(apiKey);
    for (int i = 1; i < parts.length; i++) {
      String[] of = parts[i].split(":");
      int trait = of.length < 2 ? -1 : Integer.parseInt(of[0]);
      if (trait < 0 || trait >= sums.counts.length) {
        throw new IllegalArgumentException(
            "differences: %s (expected: a trait, a count and a sum)".formatted(parts[i]));
      }
      sums.counts[trait] = Integer.parseInt(of[1]);
      sums.sums[trait] = of.length < 3 ? 0 : Long.parseLong(of[2], Character.MAX_RADIX) / THOUSAND;
    }
    into.put(Long.parseLong(who[0], Character.MAX_RADIX), sums);
  }
}
