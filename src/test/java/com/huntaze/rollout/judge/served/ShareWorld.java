package com.huntaze.rollout.judge.served;

import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.traffic.StickyBuckets;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Users of a split in virtual time: sticky by the product's own hash, a few of them so heavy that
 * they make most requests. Everything follows from the seed.
 */
final class ShareWorld {
  static final String EPOCH = "1-a";

  private final SplittableRandom random;
  private final String salt;
  private final double[] upTo;
  private BiFunction<Integer, SplittableRandom, Serving> foundry = (user, any) -> Serving.FOUNDRY;
  private long number;

  /**
   * @param tail the tail of the users' activity, a Pareto's exponent: at 1 one of 300 users makes a
   *     fifth of all requests; 0 = all ask alike
   */
  ShareWorld(long seed, int users, double tail) {
    random = new SplittableRandom(seed);
    salt = "salt-" + seed;
    upTo = new double[users];
    double sum = 0;
    for (int i = 0; i < users; i++) {
      sum += tail == 0 ? 1 : Math.pow(1 - random.nextDouble(), -1 / tail);
      upTo[i] = sum;
    }
  }

  /** Sets the fate of a user's request for which the split chose Foundry. */
  ShareWorld foundry(BiFunction<Integer, SplittableRandom, Serving> served) {
    foundry = served;
    return this;
  }

  /**
   * One stage.
   *
   * @param chosen the share that the split really chooses, 0..1
   * @return the requests until the share served was told to be off; -1 = never
   */
  int stage(ShareTest test, int stage, int percentage, double chosen, int requests) {
    test.stageBegan(EPOCH, stage);
    Share share = new Share(EPOCH, stage, percentage, number++);
    for (int i = 1; i <= requests; i++) {
      ask(test, share, chosen);
      // A request a second.
      if (test.tick(1_000L * i).off()) {
        return i;
      }
    }
    return -1;
  }

  private void ask(ShareTest test, Share share, double chosen) {
    int user = pick();
    boolean toFoundry = StickyBuckets.bucket(salt, "user-" + user) < chosen * StickyBuckets.BUCKETS;
    Serving serving = toFoundry ? foundry.apply(user, random) : Serving.LEGACY;
    test.add(new ServedExchange(share, 31L * user + 7, serving));
  }

  private int pick() {
    double at = random.nextDouble() * upTo[upTo.length - 1];
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = low + high >>> 1;
      boolean below = upTo[middle] <= at;
      low = below ? middle + 1 : low;
      high = below ? high : middle;
    }
    return low;
  }
}
