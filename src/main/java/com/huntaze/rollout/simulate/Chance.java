package com.huntaze.rollout.simulate;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The pseudo-random numbers of one request: a function of the seed and the request's number, so
 * that requests do not disturb each other's draws, or of the seed and what is asked. One request
 * uses it, on one thread.
 */
final class Chance {
  /** The golden ratio in 64 bits: spreads consecutive numbers over the whole range of seeds. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final SplittableRandom random;

  private Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  static Chance of(long seed, long number) {
    return new Chance(seed ^ (number * SPREAD));
  }

  /** The same for the same text. */
  static Chance of(long seed, String text) {
    return of(seed, text.hashCode());
  }

  /** A number in 0 (inclusive) to 1 (exclusive). */
  double uniform() {
    return random.nextDouble();
  }

  /** A whole number from {@code low} to {@code high}, both inclusive. */
  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /** A log-normal time in milliseconds: half of the draws are below {@code median}. */
  double logNormalMillis(double median, double sigma) {
    return median * Math.exp(sigma * random.nextGaussian());
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Sixteen hexadecimal digits, for an id. */
  String hex() {
    return String.format("%016x", random.nextLong());
  }
}
