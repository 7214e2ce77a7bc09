package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The rules of the judge that {@link DurableRolloutIT} does not meet, through the packaged jar,
 * with seconds instead of hours. Each test is the story of one process; most of it is waiting, so
 * they run side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("heavy")
class PackagedJudgeIT {
  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final DelayHead SLOW = new DelayHead(500);

  /** A quick start, and two processors on every machine. */
  private static final Map<String, String> JVM =
      Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:ActiveProcessorCount=2");

  private static Vertx vertx;

  @TempDir private Path temporary;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    RunningProxy.await(vertx.close());
  }

  /** A process between two upstreams of its own. */
  private record Story(FaultyUpstream foundry, RolloutProcess proxy) implements AutoCloseable {

    /** Foundry's answers from now on. */
    void foundryBecomes(WireFault fault) {
      RunningProxy.await(foundry.become(fault));
    }

    /** Observations of Foundry's in this stage. */
    long observed() {
      return totals("foundryTotals").getLong("observed");
    }

    long errors() {
      return totals("foundryTotals").getLong("errors");
    }

    /** Waits until the judge knows of so many requests in this stage, whoever answered them. */
    void awaitObserved(long count) {
      proxy.waitUntil(state -> observed() + totals("legacyTotals").getLong("observed") == count);
    }

    private JsonObject totals(String provider) {
      return proxy.health().getJsonObject(provider).getJsonObject("all");
    }

    void awaitSentence(String part) {
      proxy.waitUntil(state -> proxy.health().getString("sentence").contains(part));
    }

    @Override
    public void close() {
      proxy.close();
    }
  }

  private Story story(JsonObject health, String bake, JsonObject more) throws Exception {
    return story(JVM, health, bake, more);
  }

  /** No breaker and no retry, so that every request that chose Foundry reaches it once. */
  private Story story(
      Map<String, String> environment, JsonObject health, String bake, JsonObject more)
      throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    FaultyUpstream legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
    JsonObject bare =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    JsonObject changes =
        new JsonObject()
            .put("providers", new JsonObject().put("foundry", bare))
            .put("health", health.put("evaluateEvery", "50ms"))
            .put("canary", stages(bake))
            .mergeIn(more, true);
    return new Story(
        foundry,
        RolloutProcess.start(environment, foundry.url(), legacy.url(), temporary, changes));
  }

  private static JsonObject stages(String bake) {
    return new JsonObject()
        .put("promote", new JsonObject().put("minRequests", 20))
        .put(
            "stages",
            new JsonArray()
                .add(stage("canary_10", 50).put("bake", bake))
                .add(stage("canary_50", 70).put("bake", "1s"))
                .add(stage("full", 100)));
  }

  private static JsonObject stage(String phase, int percentage) {
    return new JsonObject().put("phase", phase).put("percentage", percentage);
  }

  /** The plain rule decides on that many observations, alone. */
  private static JsonObject plain(int minRequests) {
    return new JsonObject()
        .put("minRequests", minRequests)
        .put("sequential", new JsonObject().put("enabled", false));
  }

  /** The plain rule would need a million. */
  private static JsonObject sequential() {
    return new JsonObject().put("minRequests", 1_000_000);
  }

  private static JsonObject slowFrom(String limit) {
    return new JsonObject().put("latencyP95", new JsonObject().put("limit", limit));
  }

  private static String status(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void noDataTooLittleAndAPauseHoldAndASetShareStays() throws Exception {
    JsonObject soon = plain(1_000).put("noDataAfter", "8s");
    try (Story story = story(soon, "200ms", new JsonObject())) {
      RolloutProcess proxy = story.proxy();
      proxy.done("start");
      story.awaitSentence(
          "no observation of foundry yet: its first answer of this stage is waited for");
      proxy.waitUntil(state -> proxy.process().output().contains(" s: no obs"));
      proxy.posts(10);
      story.awaitSentence("too few observations of foundry: ");
      assertThat(proxy.state().getString("phase")).isEqualTo("canary_10");

      proxy.done("pause");
      proxy.posts(80);
      story.awaitSentence("healthy");
      assertThat(proxy.state().getString("next")).isEqualTo("paused: resume lets it go on");
      assertThat(proxy.state().getLong("healthyDuration")).isZero();
      proxy.done("resume");
      proxy.until(phase("canary_50"), () -> proxy.posts(10));

      assertThat(proxy.set(30).statusCode()).isEqualTo(200);
      proxy.posts(100);
      story.awaitSentence("healthy");
      JsonObject byHand = proxy.state();
      assertThat(byHand.getInteger("percentage")).isEqualTo(30);
      assertThat(byHand.getString("phase")).isEqualTo("canary_10");
      assertThat(byHand.getString("next")).startsWith("set by hand");
      proxy.done("start");
      proxy.until(percentage(50), () -> proxy.posts(10));
    }
  }

  @Test
  void slowAnswersRollBackByThePlainRuleAndOnlyAPersonBeginsANewEpoch() throws Exception {
    JsonObject limit = plain(20).mergeIn(slowFrom("300ms"), true);
    try (Story story = story(limit, "1h", new JsonObject())) {
      RolloutProcess proxy = story.proxy();
      proxy.done("start");
      assertThat(proxy.set(100).statusCode()).isEqualTo(200);
      story.foundryBecomes(SLOW);
      proxy.postsAtOnce(20);
      JsonObject back = proxy.waitUntil(phase("rollback"));
      assertThat(back.getString("reason"))
          .contains("ROLLBACK canary foundry 100 % -> 0 %", "latency p95 > 300ms", "20 of 20");
      assertThat(status(proxy.set(10))).startsWith("409").contains("rolled back");
      assertThat(status(proxy.command("advance"))).startsWith("409").contains("rolled back");

      JsonObject reset = proxy.done("reset");
      assertThat(reset.getString("phase")).isEqualTo("initial");
      assertThat(reset.getInteger("percentage")).isZero();
      assertThat(reset.getString("epoch")).startsWith("2-");
      story.foundryBecomes(Plain.NONE);
      JsonObject anew = proxy.done("start");
      assertThat(anew.getInteger("percentage")).isEqualTo(50);
      assertThat(anew.getString("epoch")).isEqualTo(reset.getString("epoch"));
      proxy.posts(60);
      story.awaitSentence("healthy");
    }
  }

  @Test
  void slowAnswersAndALateRegressionRollBackOnSequentialEvidence() throws Exception {
    JsonObject limit = sequential().mergeIn(slowFrom("300ms"), true);
    try (Story story = story(limit, "1h", new JsonObject())) {
      RolloutProcess proxy = story.proxy();
      proxy.done("start");
      proxy.set(100);
      story.foundryBecomes(SLOW);
      proxy.postsAtOnce(15);
      JsonObject back = proxy.waitUntil(phase("rollback"));
      assertThat(back.getString("reason"))
          .contains("slower than 300ms", "a healthy Foundry looks like this 1 time in");

      story.foundryBecomes(Plain.NONE);
      assertThat(proxy.done("start").getString("epoch")).startsWith("2-");
      proxy.set(100);
      proxy.posts(500);
      proxy.waitUntil(state -> story.observed() == 500);
      story.foundryBecomes(FAILING);
      int failures = 0;
      while (!phase("rollback").test(proxy.state())) {
        failures++;
        long seen = failures;
        story.foundryBecomes(FAILING);
        proxy.post();
        proxy.waitUntil(state -> phase("rollback").test(state) || story.errors() == seen);
        // Failures in a row are one event, of which three count.
        if (failures % 3 == 0) {
          story.foundryBecomes(Plain.NONE);
          proxy.post();
        }
      }
      // Of the history alone, 500 good answers would hide 40 failures.
      assertThat(failures).isBetween(5, 15);
      assertThat(proxy.state().getString("reason"))
          .contains("error rate", "a healthy Foundry looks like this 1 time in");
    }
  }

  @Test
  void aLimitThatOnlyAlertsIsToldOnceAndHoldsItsStage() throws Exception {
    JsonObject alerting = plain(10).put("errorRate", new JsonObject().put("action", "alert"));
    try (Story story = story(alerting, "100ms", new JsonObject())) {
      RolloutProcess proxy = story.proxy();
      proxy.done("start");
      story.foundryBecomes(FAILING);
      proxy.posts(60);
      story.awaitObserved(60);
      proxy.posts(20);
      story.awaitObserved(80);
      proxy.awaitOutput("Foundry exceeds a limit: error rate");
      assertThat(proxy.process().output()).containsOnlyOnce("Foundry exceeds a limit: error rate");
      assertThat(proxy.state().getString("phase")).isEqualTo("canary_10");
      assertThat(proxy.state().getLong("healthyDuration")).isZero();
      assertThat(status(proxy.command("advance"))).startsWith("409").contains("unhealthy");
    }
  }

  @Test
  void aFoundryThatIsWorseThanLegacyAlerts() throws Exception {
    JsonObject lenient = sequential().put("errorRate", new JsonObject().put("limit", 0.9));
    try (Story story = story(lenient, "100ms", new JsonObject())) {
      RolloutProcess proxy = story.proxy();
      proxy.done("start");
      proxy.done("pause");
      // Failures in a row are one event: these are a rate, three of five.
      for (int i = 0; i < 20; i++) {
        story.foundryBecomes(FAILING);
        proxy.posts(3);
        story.foundryBecomes(Plain.NONE);
        proxy.posts(2);
      }
      Pattern breach =
          Pattern.compile(
              "Foundry exceeds a limit: errors by user: [0-9.]+ % \\(\\d+ of \\d+ users\\) against"
                  + " legacy's 0.0 %");
      proxy.waitUntil(state -> breach.matcher(proxy.process().output()).find());
      // The comparison of the rates is made in batches of ten seconds.
      Pattern rate = Pattern.compile("error rate [0-9.]+ % of \\d+ against legacy's 0.0 % of \\d+");
      proxy.waitUntil(state -> rate.matcher(proxy.health().getString("sentence")).find());
      assertThat(proxy.health().getString("verdict")).isEqualTo("alert");
      assertThat(proxy.state().getString("phase")).isEqualTo("canary_10");
    }
  }

  @Test
  void anEventLoopThatFallsSilentHoldsTheStage() throws Exception {
    SilentLoop.require();
    JsonObject stale = sequential().put("staleAfter", "1s");
    JsonObject loops = new JsonObject().put("server", new JsonObject().put("eventLoops", 1));
    try (Story story = story(stale, "1h", loops)) {
      RolloutProcess proxy = story.proxy();
      proxy.done("start");
      proxy.posts(80);
      story.awaitSentence("healthy");
      try (SilentLoop silence = SilentLoop.busiest(proxy.process(), () -> proxy.posts(1_000))) {
        story.awaitSentence("silent sources: proxy-");
        assertThat(proxy.health().getString("verdict")).isEqualTo("hold");
        assertThat(proxy.health().getString("hold")).isEqualTo("stale");
        assertThat(silence.lasts()).isTrue();
      }
      story.awaitSentence("healthy");
    }
  }

  @Test
  void jumpsOfTheWallClockPromoteNothingAndBreakNothing() throws Exception {
    FakedClock.require();
    FakedClock clock = new FakedClock(temporary);
    Map<String, String> environment = new HashMap<>(JVM);
    environment.putAll(clock.environment());
    long begun = System.nanoTime();
    try (Story story = story(environment, sequential(), "1h", new JsonObject())) {
      RolloutProcess proxy = story.proxy();
      proxy.done("start");
      for (String jump : new String[] {"+2h", "-2h", "+400d"}) {
        Instant before =
            Instant.parse(proxy.until(judged(), () -> proxy.posts(5)).getString(CHECK));
        clock.jump(jump);
        JsonObject after =
            proxy.until(
                state -> between(before, state).abs().toMinutes() >= 100, () -> proxy.posts(5));
        assertThat(after.getString("phase")).as(jump).isEqualTo("canary_10");
        assertThat(proxy.post().statusCode()).as(jump).isEqualTo(200);
      }
      long healthy = proxy.state().getLong("healthyDuration");
      assertThat(healthy)
          .isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - begun).toSeconds());
      assertThat(proxy.transitions().size()).as("only the start").isEqualTo(1);

      proxy.done("advance");
      clock.jump("-2h");
      proxy.until(phase("full"), () -> proxy.posts(20));
      clock.jump("+0");
      story.foundryBecomes(FAILING);
      proxy.until(phase("rollback"), proxy::post);
      proxy.done("start");
      assertThat(proxy.process().output()).doesNotContain("ERROR", "xception");
    }
  }

  private static final String CHECK = "lastHealthCheck";

  private static Predicate<JsonObject> judged() {
    return state -> state.getString(CHECK) != null;
  }

  private static Duration between(Instant before, JsonObject state) {
    return Duration.between(before, Instant.parse(state.getString(CHECK)));
  }
}
