package com.huntaze.rollout.control;

import com.huntaze.rollout.control.JudgedWorld.Answer;
import com.huntaze.rollout.control.JudgedWorld.Loop;
import com.huntaze.rollout.control.JudgedWorld.Result;
import com.huntaze.rollout.control.JudgedWorld.Side;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * One scenario that the judge must stand, by the production settings: the world it happens in, for
 * how long, and what must become of it.
 *
 * @param name what happens
 * @param expected what must become of it, in words
 * @param world the world of a seed
 * @param span how long it is watched
 * @param kept tells of one run whether that is so
 * @param most the share of runs that may be otherwise, 0..1
 */
record Attack(
    String name,
    String expected,
    LongFunction<JudgedWorld> world,
    Duration span,
    Predicate<Result> kept,
    double most) {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final HealthSettings DEFAULTS = Health.DEFAULTS;
  private static final RolloutPlan PLAN = Health.PLAN;
  private static final long OUTAGE_AT = 1_800_000;

  /** The runs of an attack. */
  record Runs(Attack attack, List<Result> results) {
    long broken() {
      return results.stream().filter(attack.kept.negate()).count();
    }

    boolean holds() {
      return broken() <= attack.most * results.size();
    }

    /** The median of the requests that Foundry had got at the rollback. */
    double medianRequests() {
      return median(
          results.stream().filter(Result::isRollback).mapToLong(Result::requests).toArray());
    }

    /** The median of the seconds until the rollback. */
    double medianSeconds() {
      return median(results.stream().filter(Result::isRollback).mapToLong(Result::millis).toArray())
          / 1_000;
    }

    private static double median(long[] values) {
      Arrays.sort(values);
      return values.length == 0 ? Double.NaN : values[values.length / 2];
    }

    /** One row of the report's table. */
    String row() {
      long rollbacks = results.stream().filter(Result::isRollback).count();
      String found =
          rollbacks == 0
              ? ""
              : String.format(
                  Locale.ROOT, "%.0f requests, %.0f s", medianRequests(), medianSeconds());
      return String.format(
          Locale.ROOT,
          "| %s | %s | %d of %d | %s | %s |",
          attack.name,
          attack.expected,
          rollbacks,
          results.size(),
          found,
          holds() ? "yes" : "**no**, " + broken());
    }
  }

  Runs runs(int seeds) {
    Result[] results = new Result[seeds];
    Arrays.parallelSetAll(results, seed -> world.apply(seed).run(span.toMillis()));
    return new Runs(this, List.of(results));
  }

  @Override
  public String toString() {
    return name;
  }

  private static Attack never(
      String name, Duration span, double most, LongFunction<JudgedWorld> world) {
    return new Attack(name, "no rollback", world, span, result -> !result.isRollback(), most);
  }

  private static Attack found(
      String name,
      String expected,
      Duration span,
      Predicate<Result> kept,
      LongFunction<JudgedWorld> world) {
    return new Attack(name, expected, world, span, kept, 0.1);
  }

  private static JudgedWorld world(long seed) {
    return new JudgedWorld(DEFAULTS, PLAN, seed).deciding(Rule.SEQ, Rule.BREAKER);
  }

  /** Every attack; {@code whole} = those too that take minutes. */
  static List<Attack> all(boolean whole) {
    List<Attack> all = new ArrayList<>();
    looping(all, whole);
    poison(all, whole);
    outages(all, whole);
    blips(all);
    sick(all, whole);
    costs(all, whole);
    slowness(all, whole);
    if (whole) {
      nights(all);
    }
    return all;
  }

  private static void looping(List<Attack> all, boolean whole) {
    List<Pattern> patterns =
        List.of(
            new Pattern("always", n -> true),
            new Pattern("every other time", n -> n % 2 == 0),
            new Pattern("two of three times", n -> n % 3 != 0),
            new Pattern("one of three times", n -> n % 3 == 0));
    for (Pattern pattern : patterns) {
      for (int beside : whole ? new int[] {20, 300, 3_000} : new int[] {300}) {
        for (boolean keyed : whole ? new boolean[] {true, false} : new boolean[] {true}) {
          String name =
              "one user loops once a second and fails %s, %d requests/h beside him, %s"
                  .formatted(pattern.name, beside, keyed ? "user keys" : "no user keys");
          all.add(
              never(
                  name,
                  whole ? HOUR : Duration.ofMinutes(10),
                  0,
                  seed ->
                      world(seed)
                          .perHour(10.0 * beside)
                          .share(0.1)
                          .keyed(keyed)
                          .loop(1_000, pattern.loop)));
        }
      }
    }
    all.add(
        never(
            "one of two API keys rotates its users and always fails, 3,000 requests/h beside it",
            whole ? HOUR : Duration.ofMinutes(10),
            0,
            seed -> world(seed).perHour(30_000).share(0.1).otherKey().rotating(5_000, n -> true)));
  }

  private record Pattern(String name, Loop loop) {}

  private static void poison(List<Attack> all, boolean whole) {
    for (double beside : new double[] {0.1, 0.2, 1}) {
      all.add(
          never(
              "one request that Foundry always answers 500, %s healthy requests/s beside it"
                  .formatted(beside),
              whole ? HOUR : Duration.ofMinutes(20),
              0,
              seed -> world(seed).rate(millis -> 2 * beside).share(0.5).loop(1_000, n -> true)));
    }
  }

  private static void outages(List<Attack> all, boolean whole) {
    for (int perHour : new int[] {1_000, 10_000}) {
      for (double share : new double[] {0.1, 0.5}) {
        for (double rate : whole ? new double[] {0.3, 0.6, 1} : new double[] {0.3, 1}) {
          for (int seconds : whole ? new int[] {10, 60, 300, 1_800} : new int[] {120}) {
            Side side = during(OUTAGE_AT, 1_000L * seconds, Side.failing(rate));
            all.add(
                never(
                    "both fail %.0f %% for %d s, %,d requests/h, %.0f %% share"
                        .formatted(100 * rate, seconds, perHour, 100 * share),
                    Duration.ofMillis(OUTAGE_AT + 1_000L * seconds + 600_000),
                    0.005,
                    seed -> world(seed).perHour(perHour).share(share).foundry(side).legacy(side)));
          }
        }
      }
    }
    // At these the breaker opens among failures before the sequential test has seen enough.
    for (int perSecond : new int[] {10, 100}) {
      for (double rate : new double[] {0.5, 0.6}) {
        long at = 300_000;
        Side side = during(at, 60_000, Side.failing(rate));
        all.add(
            never(
                "both fail %.0f %% for a minute, %d requests/s, 50 %% share"
                    .formatted(100 * rate, perSecond),
                Duration.ofMillis(at + 120_000),
                0.02,
                seed -> world(seed).rate(now -> perSecond).share(0.5).foundry(side).legacy(side)));
      }
    }
    all.add(
        found(
            "Foundry fails always and legacy 25 %, 10,000 requests/h, 50 % share",
            "rollback within a minute",
            HOUR,
            result -> result.isRollback() && result.millis() <= OUTAGE_AT + 60_000,
            seed ->
                world(seed)
                    .perHour(10_000)
                    .share(0.5)
                    .foundry(during(OUTAGE_AT, 3_600_000, Side.failing(1)))
                    .legacy(during(OUTAGE_AT, 3_600_000, Side.failing(0.25)))));
    all.add(
        never(
            "legacy fails 8 % and Foundry 6 %, 1,000 requests/h, 50 % share, a day",
            Duration.ofHours(whole ? 24 : 1),
            0.01,
            seed ->
                world(seed)
                    .perHour(1_000)
                    .share(0.5)
                    .foundry(Side.failing(0.06))
                    .legacy(Side.failing(0.08))));
    all.add(
        found(
            "legacy fails 6 % and Foundry 30 %, 1,000 requests/h, 50 % share",
            "rollback within 20 minutes",
            HOUR,
            result -> result.isRollback() && result.millis() <= 1_200_000,
            seed ->
                world(seed)
                    .perHour(1_000)
                    .share(0.5)
                    .foundry(Side.failing(0.3))
                    .legacy(Side.failing(0.06))));
  }

  private static void blips(List<Attack> all) {
    for (int perSecond : new int[] {10, 50, 100}) {
      for (long millis : new long[] {100, 300, 1_000, 5_000}) {
        all.add(
            never(
                "Foundry fails for %.1f s at %d of its requests/s"
                    .formatted(millis / 1_000.0, perSecond),
                Duration.ofSeconds(180),
                0.01,
                seed ->
                    world(seed)
                        .rate(at -> 2.0 * perSecond)
                        .share(0.5)
                        .foundry(during(90_000 + 137 * seed, millis, Side.failing(1)))));
        all.add(
            never(
                "the same, and one user who loops five times a second and always fails",
                Duration.ofSeconds(180),
                0.01,
                seed ->
                    world(seed)
                        .rate(at -> 2.0 * perSecond)
                        .share(0.5)
                        .loop(200, n -> true)
                        .foundry(during(90_000 + 137 * seed, millis, Side.failing(1)))));
        all.add(
            never(
                "the same without user keys",
                Duration.ofSeconds(180),
                0.01,
                seed ->
                    world(seed)
                        .rate(at -> 2.0 * perSecond)
                        .share(0.5)
                        .keyless()
                        .foundry(during(90_000 + 137 * seed, millis, Side.failing(1)))));
      }
      all.add(
          found(
              "Foundry fails for 60 s at %d of its requests/s".formatted(perSecond),
              "rollback at the first failed trial",
              Duration.ofSeconds(180),
              result -> result.isRollback() && result.millis() <= 90_000 + 36_000,
              seed ->
                  world(seed)
                      .rate(at -> 2.0 * perSecond)
                      .share(0.5)
                      .foundry(during(90_000, 60_000, Side.failing(1)))));
    }
    // Answers of one length come in the order in which they were asked for, and then there is
    // nothing under way when the breaker opens that could speak for it.
    for (long[] took : new long[][] {{50, 800}, {1, 1}, {800, 800}}) {
      String name =
          "Foundry fails every other request after %d ms and answers in %d ms, 100 requests/s"
              .formatted(took[0], took[1]);
      LongFunction<JudgedWorld> half =
          seed ->
              world(seed)
                  .rate(at -> 100)
                  .share(0.5)
                  .foundry(during(60_000, 600_000, Side.failing(0.5, took[0], took[1])));
      all.add(
          new Attack(
              name,
              "rollback within 10 s in 9 of 10 runs",
              half,
              Duration.ofSeconds(180),
              result -> result.isRollback() && result.millis() <= 70_000,
              0.1));
      all.add(
          new Attack(
              "the same",
              "rollback within 65 s always",
              half,
              Duration.ofSeconds(180),
              result -> result.isRollback() && result.millis() <= 125_000,
              0));
    }
  }

  private static void sick(List<Attack> all, boolean whole) {
    for (int users : new int[] {8, 300}) {
      for (int[] each : new int[][] {{10, 2_000}, {30, 200}, {100, 60}}) {
        double rate = each[0] / 100.0;
        all.add(
            found(
                "Foundry fails %d %% from the start, 10,000 requests/h, 10 %% share, %d users"
                    .formatted(each[0], users),
                "rollback",
                Duration.ofHours(2),
                Result::isRollback,
                seed ->
                    world(seed)
                        .perHour(10_000)
                        .users(10 * users)
                        .share(0.1)
                        .foundry(Side.failing(rate))));
      }
    }
    all.add(
        never(
            "Foundry fails 4 %, 1,000 of its requests/h, by SEQ",
            Duration.ofHours(whole ? 72 : 1),
            0.01,
            seed -> world(seed).perHour(2_000).share(0.5).foundry(Side.failing(0.04))));
    all.add(
        never(
            "Foundry fails 5 %, 1,000 of its requests/h, by SEQ",
            Duration.ofHours(whole ? 72 : 1),
            0.02,
            seed -> world(seed).perHour(2_000).share(0.5).foundry(Side.failing(0.05))));
    all.add(
        new Attack(
            "9 of 200 users always fail at Foundry (6 % of its answers)",
            "never ready for a promotion",
            seed ->
                world(seed)
                    .perHour(2_000)
                    .users(200)
                    .share(0.75)
                    .foundry(
                        (user, millis, random) ->
                            user < 9 || random.nextDouble() < 0.015
                                ? Answer.failed(50)
                                : Answer.ok()),
            Duration.ofHours(whole ? 24 : 2),
            result -> result.readyMillis() < 0,
            0.01));
  }

  private static void costs(List<Attack> all, boolean whole) {
    all.add(
        never(
            "one answer of 201 USD among answers of 0.004 USD, by SEQ",
            HOUR,
            0,
            seed ->
                world(seed)
                    .perHour(10_000)
                    .share(0.5)
                    .foundry(
                        (user, millis, random) ->
                            new Answer(
                                false,
                                800,
                                user == 5 && millis % 600_000 < 3_000
                                    ? 201_000_000_000L
                                    : 4_000_000L))));
    all.add(
        never(
            "lognormal costs, sigma 2, mean 0.08 USD of 0.10, by SEQ",
            Duration.ofHours(whole ? 6 : 1),
            0.01,
            seed ->
                world(seed)
                    .perHour(10_000)
                    .share(0.1)
                    .foundry(
                        (user, millis, random) ->
                            new Answer(
                                false,
                                800,
                                (long) (80_000_000L * Math.exp(2 * random.nextGaussian() - 2))))));
  }

  private static void slowness(List<Attack> all, boolean whole) {
    RolloutPlan warm =
        new RolloutPlan(
            PLAN.stages(),
            PLAN.planned(),
            PLAN.promoteMinRequests(),
            PLAN.evidenceRequired(),
            Duration.ofMinutes(3));
    Side cold =
        (user, millis, random) ->
            new Answer(false, millis < 120_000 ? 7_000 : 800, Observation.UNKNOWN);
    all.add(
        never(
            "the first two minutes are slow, a warm-up of three",
            HOUR,
            0,
            seed ->
                new JudgedWorld(DEFAULTS, warm, seed)
                    .deciding(Rule.SEQ, Rule.BREAKER, Rule.PLAIN)
                    .perHour(10_000)
                    .share(0.1)
                    .foundry(cold)));
    all.add(
        never(
            "4.5 % of the answers are slow, by SEQ",
            Duration.ofHours(whole ? 6 : 1),
            0.01,
            seed ->
                world(seed)
                    .perHour(10_000)
                    .share(0.1)
                    .foundry(
                        (user, millis, random) ->
                            new Answer(
                                false,
                                random.nextDouble() < 0.045 ? 7_000 : 800,
                                Answer.USUAL_COST))));
  }

  private static void nights(List<Attack> all) {
    RateByNight night = new RateByNight();
    all.add(
        never(
            "1,000 requests/h by day and 100 by night, 1 % errors, three days",
            Duration.ofHours(72),
            0.01,
            seed -> world(seed).rate(night::at).share(0.5).foundry(Side.failing(0.01))));
    all.add(
        found(
            "the same, and 20 % errors from midnight to six",
            "rollback by the second night",
            Duration.ofHours(72),
            result -> result.isRollback() && result.millis() <= 30 * 3_600_000L,
            seed ->
                world(seed)
                    .rate(night::at)
                    .share(0.5)
                    .foundry(
                        (user, millis, random) ->
                            Side.failing(RateByNight.isNight(millis) ? 0.2 : 0.005)
                                .of(user, millis, random))));
    all.add(
        found(
            "Foundry fails 6 %, 2,000 of its requests/h, killed every ten minutes, by any rule",
            "rollback within 1.1 times the undisturbed time",
            Duration.ofHours(4),
            result -> result.isRollback() && result.millis() <= 4_500_000,
            seed ->
                new JudgedWorld(DEFAULTS, PLAN, seed)
                    .perHour(4_000)
                    .share(0.5)
                    .foundry(Side.failing(0.06))
                    .crashEvery(600_000)));
  }

  /** A tenth of the traffic from midnight to six; time 0 is noon. */
  private static final class RateByNight {
    double at(long millis) {
      return (isNight(millis) ? 100 : 1_000) / 3_600.0;
    }

    static boolean isNight(long millis) {
      long hour = (12 + millis / 3_600_000) % 24;
      return hour < 6;
    }
  }

  /** A side that is another one for a while. */
  private static Side during(long from, long millis, Side other) {
    Side usual = Side.failing(0.005);
    return (user, at, random) ->
        (at >= from && at < from + millis ? other : usual).of(user, at, random);
  }
}
