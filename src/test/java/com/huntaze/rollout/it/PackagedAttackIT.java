package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import com.huntaze.rollout.traffic.StickyBuckets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenarios of {@code control.Attack}, each once over sockets through the packaged jar in fast
 * motion: libfaketime has all clocks, timers and waits of the process go 2 to 40 times as fast, the
 * monotonic clock that the judge lives by included, so that the settings are those of production
 * (see {@link FastRollout}). All seconds are those of the process. The verdict is read from its
 * API, and the clients' answers are counted.
 *
 * <p>Where nothing may be decided, another scenario shows that the same traffic with more failures
 * is decided on, or the scenario itself that there were failures enough to decide on. {@code
 * -Dattack.only=REGEX} runs those whose names match.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class PackagedAttackIT {
  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final Function<String, WireFault> WELL = failing(0.005);
  private static final Function<String, WireFault> DEAD = id -> FAILING;
  private static final JsonObject AS_THEY_ARE = new JsonObject();
  private static final int USERS = 300;

  /** Each is two processes that compute, and a machine has two processors. */
  private static final Semaphore AT_ONCE = new Semaphore(2, true);

  @TempDir private Path temporary;

  /** The course of a scenario; it fails where something became of it that must not. */
  private interface Course {
    void of(FastRollout rollout) throws Exception;
  }

  /**
   * @param name the traffic and the faults, and the verdict that must be
   * @param times how many times as fast the clocks go
   * @param changes of the settings
   */
  private record Scenario(String name, int times, JsonObject changes, Course course) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void require() throws Exception {
    FakedClock.require();
  }

  static List<Scenario> scenarios() {
    List<Scenario> all = new ArrayList<>();
    looping(all);
    outages(all);
    blips(all);
    sick(all);
    costs(all);
    slowness(all);
    all.add(
        new Scenario(
            "a quarter of the traffic by night, and 20 % errors from the second night on: rollback"
                + " by the third",
            20, AS_THEY_ARE, PackagedAttackIT::nights));
    String only = System.getProperty("attack.only", ".*");
    all.removeIf(scenario -> !scenario.name().matches(only));
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void endsAsItMust(Scenario scenario) throws Exception {
    AT_ONCE.acquire();
    try (FastRollout rollout =
        new FastRollout(scenario.times(), temporary, scenario.changes(), Map.of())) {
      rollout.foundry(WELL);
      rollout.mark();
      try {
        scenario.course().of(rollout);
      } finally {
        System.out.printf("%s: %s%n", scenario, rollout);
      }
    } finally {
      AT_ONCE.release();
    }
  }

  /** Fails a share of the attempts by chance; its chances follow from a seed. */
  private static Function<String, WireFault> failing(double share) {
    SplittableRandom random = new SplittableRandom(Math.round(1_000 * share));
    return id -> {
      synchronized (random) {
        return random.nextDouble() < share ? FAILING : Plain.NONE;
      }
    };
  }

  /** The loops' requests fail, with all their retries, by their number among those that came. */
  private static Function<String, WireFault> failingLoops(IntPredicate fails) {
    AtomicInteger came = new AtomicInteger();
    Map<String, Boolean> fates = new ConcurrentHashMap<>();
    return id -> {
      if (!id.startsWith("loop-")) {
        return WELL.apply(id);
      }
      return fates.computeIfAbsent(id, first -> fails.test(came.getAndIncrement()))
          ? FAILING
          : Plain.NONE;
    };
  }

  /** A user key of Foundry's half. */
  private static String keyOfFoundrys() {
    return IntStream.range(0, 100)
        .mapToObj(number -> "loop-" + number)
        .filter(key -> StickyBuckets.bucket("rollout", key) < StickyBuckets.BUCKETS / 4)
        .findFirst()
        .orElseThrow();
  }

  private static void looping(List<Scenario> all) {
    for (boolean keyed : new boolean[] {true, false}) {
      String who = keyed ? "a user" : "a client without user keys";
      String[] headers = keyed ? new String[] {"X-User-ID", keyOfFoundrys()} : new String[0];
      // Without a key every other request of the loop goes to Foundry.
      double every = keyed ? 1 : 0.5;
      int users = keyed ? USERS : 0;
      for (String pattern : List.of("always", "every other time")) {
        all.add(
            new Scenario(
                who + " loops once a second at Foundry and fails " + pattern + ": no rollback",
                30,
                AS_THEY_ARE,
                rollout -> {
                  rollout.foundry(failingLoops(n -> pattern.equals("always") || n % 2 == 0));
                  rollout.crowd(users, second -> 0.3).loop(every, headers);
                  keptDespite(rollout, 30, 480);
                  if (pattern.equals("always")) {
                    // Each time the trial was another user's, and closed it.
                    assertThat(rollout.openings()).isGreaterThanOrEqualTo(3);
                  }
                }));
      }
    }
    all.add(
        new Scenario(
            "one request that Foundry always answers 500, 0.1 healthy requests/s beside it: no"
                + " rollback",
            30,
            AS_THEY_ARE,
            rollout -> {
              rollout.foundry(failingLoops(n -> true));
              rollout.crowd(0, second -> 0.2).loop(0.5);
              keptDespite(rollout, 30, 480);
              assertThat(rollout.openings()).isGreaterThanOrEqualTo(3);
            }));
    all.add(
        new Scenario(
            "one of two API keys rotates its users and always fails: no rollback",
            30,
            new JsonObject()
                .put(
                    "auth",
                    new JsonObject().put("keys", new JsonArray().add(key("a")).add(key("b")))),
            rollout -> {
              rollout.foundry(failingLoops(n -> true));
              Crowd crowd = rollout.crowd(USERS, second -> 1.6, "X-API-Key", KEY + "a");
              crowd.rotating(2.5, "X-API-Key", KEY + "b");
              keptDespite(rollout, 30, 360);
            }));
  }

  private static final String KEY = "a-key-of-the-client-";

  private static JsonObject key(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((KEY + id).getBytes(StandardCharsets.UTF_8));
      return new JsonObject().put("id", id).put("sha256", HexFormat.of().formatHex(hash));
    } catch (java.security.NoSuchAlgorithmException missing) {
      throw new AssertionError(missing);
    }
  }

  /** So many failures of one are no reason. */
  private static void keptDespite(FastRollout rollout, int failures, double seconds) {
    rollout.pass(seconds);
    rollout.assertKept();
    assertThat(rollout.totals("foundry").getLong("errors")).isGreaterThanOrEqualTo(failures);
    rollout.assertNoClientError();
  }

  private static void outages(List<Scenario> all) {
    for (int percent : new int[] {30, 100}) {
      all.add(
          new Scenario(
              "both fail %d %% for two minutes, 10,000 requests/h: no rollback".formatted(percent),
              20,
              AS_THEY_ARE,
              rollout -> sharedOutage(rollout, failing(percent / 100.0))));
    }
    all.add(
        new Scenario(
            "legacy fails 8 % and Foundry 6 %, 2,000 requests/h: no rollback",
            40,
            AS_THEY_ARE,
            rollout -> {
              rollout.foundry(failing(0.06));
              rollout.legacy(failing(0.08));
              rollout.crowd(USERS, second -> 2_000 / 3_600.0);
              keptDespite(rollout, 3, 600);
            }));
    all.add(
        new Scenario(
            "legacy fails 6 % and Foundry 30 %, 1,000 requests/h: rollback within 20 minutes",
            40,
            AS_THEY_ARE,
            rollout -> {
              rollout.foundry(failing(0.3));
              rollout.legacy(failing(0.06));
              rollout.crowd(USERS, second -> 1_000 / 3_600.0);
              rollout.assertRolledBackWithin(1_200);
            }));
    all.add(
        new Scenario(
            "Foundry fails always and legacy 25 %, 10,000 requests/h: rollback within three"
                + " minutes",
            10,
            AS_THEY_ARE,
            rollout -> {
              rollout.foundry(id -> Plain.NONE);
              rollout.crowd(USERS, second -> 10_000 / 3_600.0);
              rollout.pass(60);
              rollout.foundry(DEAD);
              rollout.legacy(failing(0.25));
              rollout.mark();
              // At the first failed trial, or the third where a success falls into the second in
              // which the failures begin.
              rollout.assertRolledBackWithin(180);
            }));
  }

  private static void sharedOutage(FastRollout rollout, Function<String, WireFault> fault) {
    rollout.crowd(USERS, second -> 10_000 / 3_600.0);
    rollout.pass(60);
    rollout.foundry(fault);
    rollout.legacy(fault);
    rollout.mark();
    rollout.awaitSentence("both providers fail", 115);
    rollout.pass(120 - rollout.seconds());
    rollout.foundry(WELL);
    rollout.legacy(id -> Plain.NONE);
    rollout.pass(60);
    Map<String, Integer> during = Map.copyOf(rollout.answers());
    rollout.crowd(USERS, second -> 10_000 / 3_600.0);
    rollout.pass(60);
    rollout.assertKept();
    assertThat(FastRollout.errors(rollout.answers())).isEqualTo(FastRollout.errors(during));
  }

  private static void blips(List<Scenario> all) {
    for (double seconds : new double[] {0.1, 1, 5}) {
      all.add(
          new Scenario(
              "Foundry fails for %s s at 10 of its requests/s: no rollback".formatted(seconds),
              4,
              AS_THEY_ARE,
              rollout -> {
                rollout.crowd(USERS, second -> 20);
                rollout.pass(10);
                rollout.foundry(DEAD);
                rollout.pass(seconds);
                rollout.foundry(WELL);
                rollout.pass(50);
                rollout.assertKept();
                assertThat(rollout.openings()).isBetween(seconds < 1 ? 0 : 1, 1);
                rollout.assertNoClientError();
              }));
    }
    all.add(
        new Scenario(
            "Foundry fails for 60 s at 10 of its requests/s: rollback at the first failed trial",
            4,
            AS_THEY_ARE,
            rollout -> {
              rollout.crowd(USERS, second -> 20);
              rollout.pass(10);
              rollout.foundry(DEAD);
              rollout.mark();
              rollout.assertRolledBackWithin(40);
              assertThat(rollout.sentence()).contains("its trial failed, too");
              rollout.assertNoClientError();
            }));
    all.add(
        new Scenario(
            "Foundry fails for 8 s of every 50: rollback at the third opening",
            10,
            AS_THEY_ARE,
            rollout -> {
              rollout.crowd(USERS, second -> 10);
              rollout.pass(20);
              rollout.mark();
              for (int opening = 1; opening <= 3; opening++) {
                rollout.assertKept();
                rollout.foundry(DEAD);
                rollout.pass(8);
                rollout.foundry(WELL);
                assertThat(rollout.openings()).isEqualTo(opening);
                rollout.pass(opening < 3 ? 42 : 2);
              }
              rollout.assertRolledBackWithin(130);
              rollout.assertNoClientError();
            }));
  }

  private static void sick(List<Scenario> all) {
    all.add(sick(30, 20, USERS, 2, 300));
    all.add(sick(10, 10, 3_000, 10, 400));
    all.add(sick(50, 2, USERS, 100, 65));
    all.add(
        new Scenario(
            "Foundry fails 10 %, and the process is killed every 20 s: rollback all the same",
            4, AS_THEY_ARE, PackagedAttackIT::crashes));
  }

  private static Scenario sick(int percent, int times, int users, int perSecond, double within) {
    return new Scenario(
        "Foundry fails %d %% at %d requests/s: rollback within %.0f s"
            .formatted(percent, perSecond, within),
        times,
        AS_THEY_ARE,
        rollout -> {
          rollout.foundry(failing(percent / 100.0));
          rollout.crowd(users, second -> perSecond);
          rollout.mark();
          rollout.assertRolledBackWithin(within);
          rollout.assertNoClientError();
        });
  }

  private static void crashes(FastRollout rollout) throws Exception {
    rollout.foundry(failing(0.1));
    for (int lives = 0; lives < 12 && !rollout.isRolledBack(); lives++) {
      rollout.crowd(3_000, second -> 20);
      rollout.pass(20);
      if (!rollout.isRolledBack()) {
        long known = rollout.samples();
        rollout.crash();
        // Of the last two seconds before a kill nothing has to be known any more; the kill itself
        // may come after a verdict.
        if (!rollout.isRolledBack()) {
          assertThat(rollout.samples()).isGreaterThanOrEqualTo(known - 2 * 10 * 2);
        }
      }
    }
    rollout.assertRolledBackWithin(rollout.seconds() + 1);
    assertThat(rollout.totals(Provider.FOUNDRY.label()).getLong("settled")).isLessThan(2_000);
    rollout.assertNoClientError();
  }

  private static void costs(List<Scenario> all) {
    all.add(
        new Scenario(
            "one answer of 201 USD among answers of 0.004 USD: no rollback by SEQ",
            20,
            AS_THEY_ARE,
            rollout -> {
              AtomicInteger answers = new AtomicInteger();
              rollout.foundry(id -> costing(answers.incrementAndGet() == 50 ? 201_000 : 4));
              rollout.crowd(USERS, second -> 3);
              rollout.pass(240);
              rollout.assertKept();
              assertThat(rollout.totals("foundry").getLong("costNano"))
                  .isGreaterThan(201_000_000_000L);
              rollout.assertNoClientError();
            }));
    all.add(
        new Scenario(
            "every answer costs 0.2 USD: rollback",
            20,
            AS_THEY_ARE,
            rollout -> {
              rollout.foundry(id -> costing(200));
              rollout.crowd(USERS, second -> 3);
              rollout.assertRolledBackWithin(240);
              rollout.assertNoClientError();
            }));
  }

  /** A token costs a thousandth of a dollar, see {@link FastRollout}. */
  private static Status costing(int tokens) {
    String body =
        "{\"model\":\"Phi-4-mini\",\"output\":\"hi\",\"usage\":{\"prompt_tokens\":%d,"
                .formatted(tokens)
            + "\"completion_tokens\":0}}";
    return new Status(200, Map.of("Content-Type", "application/json"), body);
  }

  private static void slowness(List<Scenario> all) {
    for (boolean warm : new boolean[] {true, false}) {
      JsonObject changes =
          new JsonObject()
              .put("canary", new JsonObject().put("warmup", warm ? "90s" : "0s"))
              .put("health", slow("5s").put("minRequests", 200));
      all.add(
          new Scenario(
              warm
                  ? "the first minute is slow, a warm-up of 90 s: no rollback"
                  : "the first minute is slow, no warm-up: rollback",
              10,
              changes,
              rollout -> {
                rollout.foundry(id -> new DelayHead(700));
                rollout.crowd(USERS, second -> 4);
                rollout.pass(60);
                rollout.foundry(WELL);
                if (warm) {
                  rollout.pass(180);
                  rollout.assertKept();
                  assertThat(rollout.totals("foundry").getLong("settled")).isGreaterThan(200);
                } else {
                  rollout.assertRolledBackWithin(120);
                }
                rollout.assertNoClientError();
              }));
    }
    for (int[] each : new int[][] {{45, 0}, {300, 1}}) {
      boolean must = each[1] > 0;
      all.add(
          new Scenario(
              "%s %% of the answers are slow: %s by SEQ"
                  .formatted(each[0] / 10.0, must ? "rollback" : "no rollback"),
              4,
              new JsonObject().put("health", slow("15s")),
              rollout -> {
                SplittableRandom random = new SplittableRandom(1);
                rollout.foundry(
                    id -> random.nextInt(1_000) < each[0] ? new DelayHead(5_000) : Plain.NONE);
                rollout.crowd(3_000, second -> 20);
                if (must) {
                  rollout.assertRolledBackWithin(120);
                } else {
                  rollout.pass(120);
                  rollout.assertKept();
                  assertThat(rollout.totals("foundry").getLong("slow")).isGreaterThan(30);
                }
                rollout.assertNoClientError();
              }));
    }
  }

  private static JsonObject slow(String limit) {
    return new JsonObject()
        .put("latencyP95", new JsonObject().put("limit", limit).put("action", "rollback"));
  }

  /** A night of 150 s, and a day of 150 s, in turn. */
  private static void nights(FastRollout rollout) {
    rollout.crowd(USERS, second -> second % 300 < 150 ? 1.5 : 6);
    rollout.pass(300);
    rollout.assertKept();
    Function<String, WireFault> ill = failing(0.2);
    rollout.foundry(ill);
    rollout.pass(150);
    if (!rollout.isRolledBack()) {
      rollout.foundry(WELL);
      rollout.pass(150);
      rollout.foundry(ill);
    }
    rollout.assertRolledBackWithin(750);
    rollout.assertNoClientError();
  }

  @Test
  void jumpsOfTheWallClockDecideNothingAndHideNothing() throws Exception {
    FakedClock clock = new FakedClock(Files.createDirectory(temporary.resolve("clock")));
    AT_ONCE.acquire();
    try (FastRollout rollout =
        new FastRollout(1, temporary.resolve("state"), AS_THEY_ARE, clock.environment())) {
      rollout.foundry(WELL);
      rollout.crowd(3_000, second -> 40);
      for (String jump : new String[] {"+2h", "-2h", "+400d", "-1d"}) {
        clock.jump(jump);
        rollout.pass(2);
        rollout.assertKept();
      }
      rollout.foundry(failing(0.3));
      rollout.mark();
      for (int jumps = 0; jumps < 20 && !rollout.isRolledBack(); jumps++) {
        clock.jump(jumps % 2 == 0 ? "+3h" : "-3h");
        rollout.pass(1);
      }
      rollout.assertRolledBackWithin(25);
      rollout.assertNoClientError();
      System.out.printf("jumps of the wall clock: %s%n", rollout);
    } finally {
      AT_ONCE.release();
    }
  }
}
