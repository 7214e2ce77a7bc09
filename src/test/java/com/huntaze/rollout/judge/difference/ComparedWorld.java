package com.huntaze.rollout.judge.difference;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Users of two providers in virtual time: sticky by user, each with habits of his own, and some of
 * them heavy and bad. Everything follows from the seed.
 */
final class ComparedWorld {
  private static final String EPOCH = "1-a";

  /** Makes an answer of Foundry's of what legacy's would be. */
  interface Change {
    Compared of(Compared usual, SplittableRandom random);
  }

  private final SplittableRandom random;
  private final double[] activity;
  private final double[] speed;
  private final double[] rate;
  private final double[] splits;
  private final double total;
  private Change foundry = (usual, any) -> usual;

  /**
   * @param bad the share of the users who ask ten times as often and mostly fail
   */
  ComparedWorld(long seed, int users, double bad) {
    random = new SplittableRandom(seed);
    activity = new double[users];
    speed = new double[users];
    rate = new double[users];
    splits = new double[users];
    double sum = 0;
    for (int i = 0; i < users; i++) {
      boolean isBad = random.nextDouble() < bad;
      activity[i] = Math.exp(random.nextGaussian()) * (isBad ? 10 : 1);
      speed[i] = Math.exp(0.4 * random.nextGaussian()) * (isBad ? 3 : 1);
      rate[i] = isBad ? 0.5 : 0.01;
      splits[i] = random.nextDouble();
      sum += activity[i];
    }
    total = sum;
  }

  ComparedWorld foundry(Change change) {
    foundry = change;
    return this;
  }

  /**
   * One stage.
   *
   * @return the exchanges that Foundry had when the trait was found worse, or any if {@code null};
   *     -1 = never
   */
  int stage(DifferenceTests tests, int stage, double share, int requests, Trait watched) {
    tests.stageBegan(EPOCH, stage);
    int ofFoundry = 0;
    for (int i = 0; i < requests; i++) {
      ofFoundry += ask(tests, stage, share) == Provider.FOUNDRY ? 1 : 0;
      // Each trait is looked at once in eight ticks.
      if (isWorse(tests.tick(), watched)) {
        return ofFoundry;
      }
    }
    return -1;
  }

  /** One request of anybody's. */
  Provider ask(DifferenceTests tests, int stage, double share) {
    int user = pick();
    Provider provider = splits[user] < share ? Provider.FOUNDRY : Provider.LEGACY;
    Compared usual = usual(provider, stage, user);
    tests.add(provider == Provider.FOUNDRY ? foundry.of(usual, random) : usual);
    return provider;
  }

  private static boolean isWorse(Map<Trait, Difference> found, Trait watched) {
    return watched == null
        ? found.values().stream().anyMatch(Difference::worse)
        : found.get(watched).worse();
  }

  private int pick() {
    double at = random.nextDouble() * total;
    int user = 0;
    while (user < activity.length - 1 && (at -= activity[user]) > 0) {
      user++;
    }
    return user;
  }

  private Compared usual(Provider provider, int stage, int user) {
    Compared.Origin origin =
        new Compared.Origin(provider, EPOCH, stage, 31L * user + 7, 0, ExchangeKind.UNKNOWN);
    boolean hit = random.nextDouble() < rate[user];
    Outcome outcome = hit ? hit(random.nextInt(6)) : Meaning.COMPLETE.outcome();
    boolean stream = random.nextInt(4) == 0;
    double scale = speed[user] * Math.exp(0.5 * random.nextGaussian());
    return new Compared(
        origin, outcome, (long) (800 * scale), stream, (long) (200 * scale), (long) (1e6 * scale));
  }

  static Outcome hit(int kind) {
    return switch (kind) {
      case 0 -> Meaning.TRANSIENT_STATUS.outcome(500);
      case 1 -> Meaning.THROTTLED.outcome();
      case 2 -> Meaning.CALLER_ERROR.outcome(400);
      case 3 -> Meaning.CONTENT_FILTERED.outcome();
      case 4 -> Meaning.CLIENT_GONE.outcome();
      default -> Meaning.WORDLESS.outcome();
    };
  }

  /** The answer ends otherwise with a probability. */
  static Change ending(double probability, Outcome other) {
    return (usual, random) ->
        random.nextDouble() < probability
            ? new Compared(usual.origin(), other, -1, usual.stream(), -1, -1)
            : usual;
  }

  /** Everything takes so many times as long, or costs as much. */
  static Change times(double latency, double cost) {
    return (usual, random) ->
        new Compared(
            usual.origin(),
            usual.outcome(),
            (long) (latency * usual.latencyMillis()),
            usual.stream(),
            usual.outputTokens(),
            (long) (cost * usual.costNano()));
  }
}
