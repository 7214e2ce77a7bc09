package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.Standing;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The judge's answer but for its words, to nine digits, over traffic in which everything happens. A
 * change of structure must not change the digests; a change of the statistics does so on purpose,
 * as when nobody alone decided any more and the errors got six tenths of alpha. Fields that were
 * added since 0.1 are left out.
 */
class JudgeGoldenTest {
  private static final int TICKS = 400;

  /** The logarithm of the beta function is a library's since: it differs from ours by 4e-12. */
  private static final MathContext DIGITS = new MathContext(9);

  private static final Map<String, List<String>> FIELDS =
      Map.of(
          "",
          List.of(
              "epoch",
              "stage",
              "verdict",
              "hold",
              "sentence",
              "findings",
              "notices",
              "promotion",
              "foundry",
              "legacy",
              "foundryWindow",
              "legacyWindow",
              "foundryTotals",
              "legacyTotals",
              "freshness",
              "sequential",
              "breaker",
              "notFound",
              "comparison",
              "limits"),
          "window",
          List.of(
              "observed",
              "settled",
              "errors",
              "slow",
              "costKnown",
              "unpriced",
              "costNano",
              "neutral"),
          "all",
          List.of(
              "observed",
              "settled",
              "errors",
              "slow",
              "costKnown",
              "unpriced",
              "costNano",
              "neutral",
              "throttled"),
          "sampled",
          List.of(
              "observed",
              "settled",
              "errors",
              "slow",
              "costKnown",
              "unpriced",
              "costNano",
              "notFound",
              "keyless",
              "costWealth"),
          "sequential",
          List.of("error", "latency", "cost", "baseline", "arms", "keys"));

  @ParameterizedTest
  @CsvSource({
    "1, 20, rollback, d0826b276f273152",
    "2, 200, rollback, 3a2bbf3aa231f24e",
    "3, 2000, alert, ee1325c6214742c6",
    "4, 100000, rollback, e7b1e595c946fb70"
  })
  void saysWhatItHasSaid(long seed, long minRequests, String action, String digest)
      throws NoSuchAlgorithmException {
    HealthSettings settings = settings(minRequests, action);
    RolloutPlan plan = new RolloutPlan(3, Duration.ofHours(96), 300, true);
    HealthJudge judge = new HealthJudge(settings, plan);
    RollbackController controller = new RollbackController(settings, plan);
    ObservationCounter[] sources = {source("a", settings), source("b", settings)};
    SplittableRandom random = new SplittableRandom(seed);
    MessageDigest sum = MessageDigest.getInstance("SHA-256");
    long now = 0;
    judge.stageBegan("1-a", 0, 0, now);
    for (int tick = 0; tick < TICKS; tick++) {
      now += 500 + random.nextInt(1_000);
      int stage = tick * 3 / TICKS;
      if (tick > 0 && stage != (tick - 1) * 3 / TICKS) {
        begin(judge, sources, stage, now);
      }
      double errors = tick % 100 > 70 ? 0.3 : 0.02;
      for (int i = random.nextInt(40); i > 0; i--) {
        exchange(sources[random.nextInt(2)], stage, random, errors);
      }
      long at = now;
      for (ObservationCounter source : sources) {
        source.rows().forEach(row -> judge.take(row, at));
      }
      boolean open = tick % 50 > 45;
      HealthMetrics metrics =
          judge.tick(now, new BreakerFacts(open, tick % 4 == 0, false, 4, 9, 0, 0));
      RollbackDecision decision =
          controller.checkHealth(metrics, tick % 7 == 0 ? Standing.FOLLOWER : Standing.LEADER);
      JsonObject told =
          HealthJson.of(Instant.EPOCH, metrics, decision, controller.status(decision), List.of());
      sum.update(sorted(known(told)).toString().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(HexFormat.of().formatHex(sum.digest(), 0, 8)).isEqualTo(digest);
  }

  private static HealthSettings settings(long minRequests, String action) {
    JsonObject limits = new JsonObject().put("action", action);
    JsonObject health =
        new JsonObject()
            .put("minRequests", minRequests)
            .put("errorRate", limits)
            .put("latencyP95", limits)
            .put("costPerRequestUsd", limits.copy().put("limit", 0.002));
    return ConfigLoader.parse(new JsonObject().put("health", health), Map.of()).settings().health();
  }

  private static ObservationCounter source(String name, HealthSettings settings) {
    ObservationCounter source = new ObservationCounter(name, Thresholds.of(settings));
    source.began("1-a", 0);
    return source;
  }

  private static void begin(
      HealthJudge judge, ObservationCounter[] sources, int stage, long nowMillis) {
    for (ObservationCounter source : sources) {
      source.began("1-a", stage);
    }
    judge.stageBegan("1-a", stage, stage, nowMillis);
  }

  private static void exchange(
      ObservationCounter source, int stage, SplittableRandom random, double errors) {
    Provider provider = random.nextInt(3) == 0 ? Provider.LEGACY : Provider.FOUNDRY;
    Observation each =
        random.nextBoolean()
            ? source.open(provider, "1-a", stage)
            : source.open(
                provider, "1-a", stage, Requester.of(random.nextInt(90)), random.nextInt(3) > 0);
    if (random.nextInt(30) == 0) {
      each.slow();
    }
    int kind = random.nextInt(20);
    if (kind == 0) {
      each.neutral(random.nextBoolean());
    } else if (kind == 1 && provider == Provider.FOUNDRY) {
      each.notFound();
    } else if (kind > 2) {
      boolean success = random.nextDouble() >= errors;
      long latency = random.nextInt(4) == 0 ? Observation.UNKNOWN : random.nextInt(6_000);
      long cost = random.nextInt(25) == 0 ? Observation.UNKNOWN : random.nextInt(5_000_000);
      each.settle(success, latency, cost, kind < 10 ? "small" : "large");
      if (latency == Observation.UNKNOWN) {
        each.latency(random.nextInt(6_000));
      }
      each.cost(77);
    }
  }

  private static JsonObject known(JsonObject told) {
    JsonObject known = only(told, "");
    for (String side : List.of("foundry", "legacy")) {
      JsonObject totals = known.getJsonObject(side + "Totals");
      known
          .put(side + "Window", only(known.getJsonObject(side + "Window"), "window"))
          .put(
              side + "Totals",
              new JsonObject()
                  .put("all", only(totals.getJsonObject("all"), "all"))
                  .put("sampled", only(totals.getJsonObject("sampled"), "sampled")));
    }
    return known.put("sequential", only(known.getJsonObject("sequential"), "sequential"));
  }

  private static JsonObject only(JsonObject all, String place) {
    JsonObject some = new JsonObject();
    FIELDS.get(place).forEach(field -> some.put(field, all.getValue(field)));
    return some;
  }

  /** The same with its fields in the order of their names, and without what is words for people. */
  private static Object sorted(Object value) {
    if (value instanceof JsonObject object) {
      Map<String, Object> fields = new TreeMap<>();
      object.forEach(
          field -> {
            if (!field.getKey().equals("sentence") && !field.getKey().equals("missing")) {
              fields.put(field.getKey(), sorted(field.getValue()));
            }
          });
      return fields;
    }
    if (value instanceof JsonArray list) {
      return list.stream().map(JudgeGoldenTest::sorted).toList();
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      return new BigDecimal(number).round(DIGITS).stripTrailingZeros().toPlainString();
    }
    return value;
  }
}
