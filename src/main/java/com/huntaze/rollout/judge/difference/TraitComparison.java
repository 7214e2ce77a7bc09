package com.huntaze.rollout.judge.difference;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.huntaze.rollout.judge.difference.Difference.Side;
import com.huntaze.rollout.judge.difference.Trait.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * The comparison of two sides' users by one trait: by how much more than is allowed, and with what
 * chance. Pure.
 *
 * @param ratio how many times legacy's figure Foundry's may be
 * @param margin of shares, by how much more Foundry's may be in any case, 0..1
 */
record TraitComparison(double ratio, double margin) {
  /** The API keys with most users of Foundry's, each of which is left out once. */
  private static final int MOST_KEYS = 32;

  /** The evidence that is left without any one API key, nats. */
  private static final double LEAST_WITHOUT = Math.log(10);

  /** Returns ln of the chance of what both sides' users are like, see {@link AssignmentTest}. */
  static double lnChance(
      Trait trait, Map<Long, UserSums> foundry, Map<Long, UserSums> legacy, LongPredicate key) {
    return lnChance(trait, means(trait, foundry, key), means(trait, legacy, key));
  }

  /**
   * Tells whether a finding stands without the users of any one API key, where several are seen: at
   * ten to one, and still over what is allowed.
   */
  boolean standsWithoutAnyKey(
      Trait trait, Map<Long, UserSums> foundry, Map<Long, UserSums> legacy) {
    Map<Long, Long> keys =
        foundry.values().stream().collect(groupingBy(UserSums::apiKey, counting()));
    if (keys.size() < 2) {
      return true;
    }
    return keys.entrySet().stream()
        .sorted(Map.Entry.<Long, Long>comparingByValue().reversed())
        .limit(MOST_KEYS)
        .map(Map.Entry::getKey)
        .allMatch(key -> stands(trait, foundry, legacy, key));
  }

  private boolean stands(
      Trait trait, Map<Long, UserSums> foundry, Map<Long, UserSums> legacy, long without) {
    double[] ofFoundry = means(trait, foundry, key -> key != without);
    double[] ofLegacy = means(trait, legacy, key -> key != without);
    return lnChance(trait, ofFoundry, ofLegacy) <= -LEAST_WITHOUT
        && exceeds(trait, figure(trait, ofFoundry), figure(trait, ofLegacy));
  }

  private static double figure(Trait trait, double[] means) {
    double mean = Arrays.stream(means).average().orElse(0);
    return trait.isShare() ? mean : Math.expm1(mean);
  }

  private static double lnChance(Trait trait, double[] foundry, double[] legacy) {
    double more = AssignmentTest.lnChance(foundry, legacy);
    if (trait.shape() != Shape.EITHER) {
      return more;
    }
    double fewer = AssignmentTest.lnChance(negated(foundry), negated(legacy));
    return Math.min(0, Math.min(more, fewer) + Math.log(2));
  }

  private static double[] negated(double[] figures) {
    double[] negated = new double[figures.length];
    for (int i = 0; i < figures.length; i++) {
      negated[i] = -figures[i];
    }
    return negated;
  }

  /** Tells whether a figure of Foundry's is beyond what is allowed beside legacy's. */
  boolean exceeds(Trait trait, double foundry, double legacy) {
    return switch (trait.shape()) {
      case SHARE, TAIL -> foundry > ratio * legacy + margin;
      case MEAN -> foundry > Math.max(ratio * legacy, legacy + trait.leastMore());
      case EITHER -> foundry > ratio * legacy || foundry * ratio < legacy;
    };
  }

  private static double[] means(Trait trait, Map<Long, UserSums> users, LongPredicate key) {
    return users.values().stream()
        .filter(user -> user.count(trait) > 0 && key.test(user.apiKey()))
        .mapToDouble(user -> user.mean(trait))
        .toArray();
  }

  /** One side's figures. */
  static Side side(Trait trait, Map<Long, UserSums> all) {
    int users = 0;
    int having = 0;
    long exchanges = 0;
    double mean = 0;
    double squares = 0;
    for (UserSums user : all.values()) {
      if (user.count(trait) > 0) {
        users++;
        having += user.sum(trait) > 0 ? 1 : 0;
        exchanges += user.count(trait);
        // Welford's: the users' figures may all be large and close to each other.
        double from = user.mean(trait) - mean;
        mean += from / users;
        squares += from * (user.mean(trait) - mean);
      }
    }
    double variance = users < 2 ? 0 : squares / (users - 1);
    return new Side(users, having, exchanges, trait.isShare() ? mean : Math.expm1(mean), variance);
  }
}
