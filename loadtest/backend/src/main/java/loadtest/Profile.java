package loadtest;

import java.util.SplittableRandom;

/** How a model behaves: the AI traffic profile's answering half. Times are milliseconds. */
final class Profile {
  /** The median of the time to the first token; the spread is that of a log-normal. */
  private static final double FIRST_TOKEN_MEDIAN = 450;

  private static final double FIRST_TOKEN_SIGMA = 0.6;
  private static final int FIRST_TOKEN_LEAST = 200;
  private static final int FIRST_TOKEN_MOST = 2_000;

  private final SplittableRandom random;
  private final boolean fixed;

  /**
   * @param fixed whether every answer is the same: at once, 40 events at 25 ms
   */
  Profile(long seed, boolean fixed) {
    this.random = new SplittableRandom(seed);
    this.fixed = fixed;
  }

  int firstToken() {
    if (fixed) {
      return 0;
    }
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    double normal = radius * Math.cos(2 * Math.PI * random.nextDouble());
    double millis = FIRST_TOKEN_MEDIAN * Math.exp(FIRST_TOKEN_SIGMA * normal);
    return (int) Math.max(FIRST_TOKEN_LEAST, Math.min(FIRST_TOKEN_MOST, millis));
  }

  int events() {
    return fixed ? 40 : random.nextInt(20, 121);
  }

  int gap() {
    return fixed ? 25 : random.nextInt(20, 61);
  }

  /** One request in a hundred is one too many. */
  boolean limited() {
    return !fixed && random.nextInt(100) == 0;
  }
}
