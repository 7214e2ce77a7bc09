package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.errors;
import static com.huntaze.rollout.it.JudgedProxy.phase;
import static com.huntaze.rollout.it.JudgedProxy.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of the judge, each once over sockets, with fractions of seconds instead of hours. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class JudgingIT {
  @Parameter Wire wire;

  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final Status BROKEN = new Status(501, Map.of(), "no");
  private static final JsonObject NOTHING = new JsonObject();

  private static JsonObject health(String key, Object value) {
    return new JsonObject().put("health", new JsonObject().put(key, value));
  }

  /** No breaker and no retry, so that every request that chose Foundry reaches it once. */
  private static JsonObject bare(JsonObject changes) {
    JsonObject foundry =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    return new JsonObject()
        .put("providers", new JsonObject().put("foundry", foundry))
        .mergeIn(changes, true);
  }

  @Test
  void climbsTheLadderWhileHealthy() {
    try (JudgedProxy canary = new JudgedProxy(wire, "1s", NOTHING)) {
      canary.command("start");
      JsonObject second = canary.postUntil(phase("canary_50"));
      assertThat(second.getInteger("percentage")).isEqualTo(70);
      JsonObject full = canary.postUntil(phase("full"));
      assertThat(full.getString("reason")).contains("Advance canary foundry 70 % -> 100 %", "auto");
      assertThat(full.getString("lastHealthCheck")).endsWith("Z");
      canary.posts(30);
      JsonObject watched = canary.postUntil(state -> requests(state, "foundry") >= 30);
      assertThat(errors(watched, "foundry")).isZero();
      Waits.until(() -> canary.alerts().size() >= 2);
      assertThat(canary.alerts()).hasSize(2).allMatch(alert -> alert.startsWith("promotion: "));
      JsonArray transitions = canary.transitions();
      assertThat(transitions.size()).isEqualTo(3);
      JsonObject promotion = transitions.getJsonObject(1);
      assertThat(promotion.getString("actor")).isEqualTo("auto");
      JsonObject evidence = promotion.getJsonObject("evidence");
      assertThat(evidence.getString("verdict")).isEqualTo("healthy");
      assertThat(evidence.getJsonObject("foundryTotals").getJsonObject("all").getLong("settled"))
          .isGreaterThanOrEqualTo(20);
    }
  }

  @Test
  void neitherSilenceNorTooFewNorAPausePromotes() {
    try (JudgedProxy canary = new JudgedProxy(wire, "200ms", NOTHING)) {
      canary.command("start");
      canary.posts(20);
      int few = canary.atFoundry();
      canary.waitUntil(state -> requests(state, "foundry") == few);
      Waits.until(() -> canary.lastHealth().getString("sentence").contains("too few observations"));
      assertThat(canary.state().getString("phase")).isEqualTo("canary_10");
      assertThat(canary.state().getString("next"))
          .startsWith("canary_50 at 70 % ")
          .contains("too few observations of foundry: %d of 20".formatted(few));
      canary.command("pause");
      canary.posts(300);
      canary.waitUntil(state -> requests(state, "foundry") == canary.atFoundry());
      assertThat(canary.state().getString("phase")).isEqualTo("canary_10");
      canary.command("resume");
      canary.postUntil(phase("canary_50"));
    }
  }

  @Test
  void rollsBackByThePlainRuleAndNotAtTheLimit() throws Exception {
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(JudgedProxy.plain(100)))) {
      canary.set(100);
      canary.posts(95);
      RunningProxy.await(canary.foundry().become(FAILING));
      canary.posts(5);
      canary.waitUntil(state -> requests(state, "foundry") == 100);
      JsonObject at = canary.waitUntil(state -> errors(state, "foundry") == 5);
      assertThat(at.getString("phase")).as("5 of 100 is not over 5 %").isEqualTo("full");
      canary.posts(1);
      JsonObject back = canary.waitUntil(phase("rollback"));
      assertThat(back.getInteger("percentage")).isZero();
      assertThat(back.getString("reason"))
          .contains("ROLLBACK canary foundry 100 % -> 0 %", "error rate 5.9 % > 5.0 %, 6 of 101");
      Waits.until(
          () -> canary.alerts().stream().anyMatch(alert -> alert.startsWith("rollback: ROLLBACK")));
      assertThat(canary.post().headers().firstValue("X-AI-Provider")).contains("legacy");
      JsonObject evidence = canary.transitions().getJsonObject(1).getJsonObject("evidence");
      assertThat(evidence.getJsonArray("findings").getJsonObject(0).getString("rule"))
          .isEqualTo("plain");
    }
  }

  /**
   * Three failures of three have 6.94 nats if all is bet at the start; of that 30 % is bet at the
   * start of the first stage, so 5.73 of 5.12 nats, and the third decides, once legacy has shown
   * that it is well. By default the floor of 10 lies above that.
   */
  @ParameterizedTest
  @CsvSource({"1, 3", "10, 10"})
  void rollsBackOnOverwhelmingEvidenceAtTheVeryObservationThatDecides(int floor, int decides) {
    JsonObject low =
        new JsonObject().put("floor", new JsonObject().put("requests", floor).put("keys", 1));
    // Failures without a success among them are the breaker's, unless it stays closed for 5 s.
    JsonObject patient =
        new JsonObject().put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    JsonObject settings =
        bare(health("sequential", low))
            .mergeIn(
                new JsonObject().put("providers", new JsonObject().put("foundry", patient)), true);
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", settings)) {
      canary.command("start");
      RunningProxy.await(canary.foundry().become(FAILING));
      while (canary.atFoundry() < decides - 1) {
        canary.post();
      }
      JsonObject before = canary.waitUntil(state -> errors(state, "foundry") == decides - 1);
      assertThat(before.getString("phase")).isEqualTo("canary_10");
      while (canary.atFoundry() < decides) {
        canary.post();
      }
      // A thousand failures in a row would open the breaker: a busy machine must not get there.
      JsonObject back =
          canary.until(
              phase("rollback"),
              () -> {
                canary.post();
                Waits.pause(Duration.ofMillis(50));
              });
      assertThat(back.getString("reason"))
          .contains(
              "error rate 100.0 % of ",
              " against a limit of 5.0 %", "a healthy Foundry looks like this 1 time in");
      JsonObject error =
          canary
              .transitions()
              .getJsonObject(1)
              .getJsonObject("evidence")
              .getJsonObject("sequential")
              .getJsonObject("error");
      assertThat(error.getLong("samples")).isGreaterThanOrEqualTo(decides);
      assertThat(error.getLong("hits")).isEqualTo(error.getLong("samples"));
      assertThat(error.getDouble("lnE")).isGreaterThan(error.getDouble("threshold"));
    }
  }

  @Test
  void aFailoverHidesNoFailureFromTheJudge() {
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(JudgedProxy.plain(1_000)))) {
      canary.command("start");
      RunningProxy.await(canary.foundry().become(BROKEN));
      canary.posts(40);
      int failed = canary.atFoundry();
      // Observations travel in rows; those of legacy's answers may come later.
      JsonObject state =
          canary.waitUntil(
              each -> errors(each, "foundry") == failed && requests(each, "legacy") == 40 - failed);
      assertThat(requests(state, "foundry")).isEqualTo(failed);
      assertThat(errors(state, "legacy")).isZero();
    }
  }

  @Test
  void aRetryHidesNoFailureFromTheJudge() {
    JsonObject retries =
        new JsonObject()
            .put(
                "providers",
                new JsonObject()
                    .put(
                        "foundry",
                        new JsonObject()
                            .put("retry", new JsonObject().put("max", 3).put("delay", "1ms"))
                            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000))));
    try (JudgedProxy canary =
        new JudgedProxy(wire, "1h", retries.mergeIn(JudgedProxy.plain(1_000), true))) {
      canary.set(100);
      RunningProxy.await(canary.foundry().become(FAILING));
      canary.posts(2);
      JsonObject state = canary.waitUntil(each -> errors(each, "foundry") == 2);
      assertThat(canary.foundry().ledger().executions()).isEqualTo(8);
      assertThat(requests(state, "foundry")).isEqualTo(2);
    }
  }

  @Test
  void anOutageOpensTheBreakerAndRollsBackWhenTheProbeIsDownToo() {
    JsonObject probed =
        new JsonObject()
            .put(
                "providers",
                new JsonObject()
                    .put(
                        "foundry",
                        new JsonObject()
                            .put(
                                "probe",
                                new JsonObject().put("interval", "200ms").put("timeout", "1s"))));
    try (JudgedProxy canary =
        new JudgedProxy(wire, "1h", probed.mergeIn(JudgedProxy.plain(1_000), true))) {
      canary.command("start");
      RunningProxy.await(canary.foundry().become(Plain.REFUSE));
      List<Integer> seen = new ArrayList<>();
      canary.postUntil(
          state -> {
            seen.add(canary.post().statusCode());
            return phase("rollback").test(state);
          });
      assertThat(seen).containsOnly(200);
      assertThat(canary.state().getString("reason"))
          .contains("circuit breaker of foundry open on failures of", "and its probe is down");
    }
  }

  private static void postUntilRolledBack(JudgedProxy canary, AtomicInteger sent) {
    while (canary.state().getInteger("percentage") > 0) {
      canary.post("X-Correlation-ID", "half-" + sent.getAndIncrement());
    }
  }

  @Test
  void anOpenBreakerDoesNotStarveTheJudgeWhenHalfOfTheAnswersFail() throws Exception {
    // Retries as they come: five failures in a row open the breaker at once, and whether the
    // sequential test has seen enough by then is a matter of luck. A trial need not wait 30 s here.
    JsonObject soon =
        new JsonObject()
            .put(
                "providers",
                new JsonObject()
                    .put(
                        "foundry",
                        new JsonObject()
                            .put("circuitBreaker", new JsonObject().put("resetTimeout", "5s"))));
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", soon)) {
      canary.set(100);
      canary.posts(200);
      canary.waitUntil(state -> requests(state, "foundry") == 200);
      canary.foundry().become(JudgingIT::everyOther);
      long begun = System.nanoTime();
      AtomicInteger sent = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      // As long as an answer takes, 32 clients make forty requests a second.
      for (int i = 0; i < 32; i++) {
        Thread client = new Thread(() -> postUntilRolledBack(canary, sent));
        client.start();
        clients.add(client);
      }
      canary.waitUntil(phase("rollback"));
      // The first trial fails, or the breaker opens for the third time, 5 s apart.
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isLessThan(Waits.bound(Duration.ofSeconds(15)));
      for (Thread client : clients) {
        client.join();
      }
    }
  }

  /** Each attempt fails or not whatever the one before it did; a good answer takes its time. */
  private static WireFault everyOther(String id) {
    return ThreadLocalRandom.current().nextBoolean() ? FAILING : new DelayHead(800);
  }

  @Test
  void aFailedTrialRollsBackThoughTheProbeIsUp() {
    JsonObject quick =
        new JsonObject()
            .put(
                "providers",
                new JsonObject()
                    .put(
                        "foundry",
                        new JsonObject()
                            .put("retry", new JsonObject().put("max", 0))
                            .put("circuitBreaker", new JsonObject().put("resetTimeout", "300ms"))));
    try (JudgedProxy canary =
        new JudgedProxy(wire, "1h", quick.mergeIn(JudgedProxy.plain(1_000), true))) {
      canary.command("start");
      RunningProxy.await(canary.foundry().become(FAILING));
      JsonObject back = canary.postUntil(phase("rollback"));
      assertThat(back.getString("reason")).contains("and its trial failed, too");
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      canary.command("start");
      canary.postUntil(state -> requests(state, "foundry") > 3);
      assertThat(canary.state().getString("phase")).as("a new rollout").isEqualTo("canary_10");
    }
  }

  @Test
  void requestsThatHangAreSlowTheMomentTheyPassTheLimit() throws Exception {
    JsonObject limit =
        health("latencyP95", new JsonObject().put("limit", "300ms"))
            .mergeIn(JudgedProxy.plain(20), true);
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(limit))) {
      canary.set(100);
      RunningProxy.await(canary.foundry().become(Plain.ACCEPT_AND_HANG));
      List<TextClient> hanging = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        hanging.add(open(canary, "hang-" + i));
      }
      JsonObject back = canary.waitUntil(phase("rollback"));
      assertThat(back.getString("reason")).contains("latency p95", "20 of 20");
      for (TextClient client : hanging) {
        client.close();
      }
    }
  }

  private static TextClient open(JudgedProxy canary, String id) throws IOException {
    return canary
        .proxy()
        .client()
        .send(
            "POST /route HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: %s\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(id));
  }

  @Test
  void aClientThatLeavesAfterTheLimitHasSeenASlowProvider() throws Exception {
    JsonObject limit =
        health("latencyP95", new JsonObject().put("limit", "200ms"))
            .mergeIn(JudgedProxy.plain(1_000), true);
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(limit))) {
      canary.set(100);
      RunningProxy.await(canary.foundry().become(Plain.ACCEPT_AND_HANG));
      for (int i = 0; i < 10; i++) {
        TextClient client = open(canary, "late-" + i);
        String id = "late-" + i;
        Waits.until(() -> canary.foundry().ledger().begun(id) == 1);
        Waits.pause(Duration.ofMillis(210));
        client.hangUp();
      }
      Waits.until(() -> canary.lastHealth().getJsonObject("foundryWindow").getLong("slow") == 10);
      assertThat(errors(canary.state(), "foundry")).isZero();
    }
  }

  @Test
  void theFirstContentIsThatOfStreamsAndDecidesNothing() throws Exception {
    JsonObject limits =
        health("firstContentP95", new JsonObject().put("limit", "1s"))
            .mergeIn(JudgedProxy.plain(5), true);
    String events =
        "data: {\"choices\": [{\"delta\": {\"content\": \"hi\"}, \"finish_reason\": \"stop\"}]}\n\n"
            + "data: [DONE]\n\n";
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(limits))) {
      canary.set(100);
      RunningProxy.await(
          canary
              .foundry()
              .become(new Status(200, Map.of("Content-Type", "text/event-stream"), events)));
      canary.posts(6);
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      canary.posts(5);
      Waits.until(
          () -> canary.lastHealth().getJsonObject("foundryWindow").getLong("settled") == 11);
      JsonObject window = canary.lastHealth().getJsonObject("foundryWindow");
      assertThat(window.getLong("streams")).isEqualTo(6);
      JsonObject row =
          canary.lastHealth().getJsonArray("metrics").stream()
              .map(JsonObject.class::cast)
              .filter(each -> each.getString("metric").equals("first_content_p95"))
              .findFirst()
              .orElseThrow();
      assertThat(row.getLong("samples")).isEqualTo(6);
      assertThat(row.getString("action")).isEqualTo("observe");
      assertThat(row.getString("state")).isEqualTo("ok");
    }
  }

  @Test
  void clientsThatLeaveCountAgainstNobody() throws Exception {
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(JudgedProxy.plain(5)))) {
      canary.command("start");
      RunningProxy.await(canary.foundry().become(Plain.ACCEPT_AND_HANG));
      RunningProxy.await(canary.legacy().become(Plain.ACCEPT_AND_HANG));
      for (int i = 0; i < 40; i++) {
        TextClient client = open(canary, "leaves-" + i);
        String id = "leaves-" + i;
        Waits.until(
            () -> canary.foundry().ledger().begun(id) + canary.legacy().ledger().begun(id) == 1);
        client.hangUp();
      }
      Waits.until(() -> canary.foundry().ledger().openConnections() == 0);
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      RunningProxy.await(canary.legacy().become(Plain.NONE));
      int before = canary.atFoundry();
      canary.posts(10);
      int good = canary.atFoundry() - before;
      JsonObject state =
          canary.waitUntil(
              each -> requests(each, "foundry") == good && requests(each, "legacy") == 10 - good);
      assertThat(errors(state, "foundry")).isZero();
      assertThat(state.getString("phase")).isEqualTo("canary_10");
    }
  }

  @Test
  void callersErrorsAndThrottlingAreInNoDenominator() {
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(JudgedProxy.plain(5)))) {
      canary.set(100);
      for (int status : new int[] {400, 404, 422, 429}) {
        RunningProxy.await(canary.foundry().become(new Status(status, Map.of(), "no")));
        canary.posts(5);
      }
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      canary.posts(5);
      JsonObject state = canary.waitUntil(each -> requests(each, "foundry") == 5);
      assertThat(errors(state, "foundry")).isZero();
      JsonObject totals = canary.lastHealth().getJsonObject("foundryTotals").getJsonObject("all");
      assertThat(totals.getLong("throttled")).isEqualTo(5);
    }
  }

  @Test
  void aFoundryThatKnowsNoPathIsToldOnceAndHoldsUntilItDoes() {
    try (JudgedProxy canary = new JudgedProxy(wire, "100ms", bare(new JsonObject()))) {
      canary.command("start");
      RunningProxy.await(canary.foundry().become(new Status(404, Map.of(), "no")));
      canary.posts(80);
      Waits.until(() -> !canary.alerts().isEmpty());
      canary.posts(10);
      assertThat(canary.alerts())
          .hasSize(1)
          .allMatch(
              alert ->
                  alert.startsWith(
                      "threshold: Foundry exceeds a limit: answers 404 by user: 100.0 % ("));
      assertThat(canary.lastHealth().getJsonArray("findings")).hasSize(1);
      assertThat(canary.lastHealth().getString("sentence")).contains("; over when 50 further");
      assertThat(requests(canary.state(), "foundry")).isZero();
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      canary.postUntil(phase("canary_50"));
      assertThat(canary.alerts().stream().filter(alert -> alert.startsWith("threshold")))
          .hasSize(1);
    }
  }

  /** At 100 % there is nobody to compare with. */
  @Test
  void aFoundryThatKnowsNoPathAndHasAllUsersIsToldOnceAndHoldsNothing() {
    try (JudgedProxy canary = new JudgedProxy(wire, "100ms", bare(new JsonObject()))) {
      canary.set(100);
      RunningProxy.await(canary.foundry().become(new Status(404, Map.of(), "no")));
      canary.posts(80);
      Waits.until(() -> !canary.alerts().isEmpty());
      assertThat(canary.alerts())
          .hasSize(1)
          .allMatch(
              alert ->
                  alert.startsWith(
                      "threshold: Foundry differs from legacy: answers 404 100.0 % of"));
      assertThat(canary.lastHealth().getJsonArray("findings")).isEmpty();
    }
  }

  @Test
  void aClientsSlowUploadIsNotFoundrysAndASlowAnswerToItIs() throws Exception {
    JsonObject limit =
        health("latencyP95", new JsonObject().put("limit", "1s"))
            .mergeIn(JudgedProxy.plain(1_000), true)
            .put("server", new JsonObject().put("replayBytes", HALF.length()));
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", bare(limit))) {
      canary.set(100);
      TextClient stalled = upload(canary, "stalled");
      try (TextClient slow = upload(canary, "slow")) {
        Waits.pause(Duration.ofSeconds(2));
        slow.send(HALF);
        assertThat(slow.readUntil("\r\n")).contains("200");
      }
      canary.waitUntil(state -> requests(state, "foundry") == 1);
      assertThat(slow(canary)).as(() -> canary.lastHealth().encode()).isZero();
      RunningProxy.await(canary.foundry().become(new DelayHead(2_000)));
      try (TextClient quick = upload(canary, "quick")) {
        quick.send(HALF);
        assertThat(quick.readUntil("\r\n")).contains("200");
      }
      Waits.until(() -> slow(canary) == 1);
      // Whoever uploads at leisure hides nobody who hangs.
      RunningProxy.await(canary.foundry().become(Plain.ACCEPT_AND_HANG));
      TextClient hangs = open(canary, "hangs");
      Waits.until(() -> slow(canary) == 2);
      hangs.close();
      stalled.close();
    }
  }

  private static final String HALF = "x".repeat(65_536);

  /** A client that has sent half of its body. */
  private static TextClient upload(JudgedProxy canary, String id) throws IOException {
    return canary
        .proxy()
        .client()
        .send(
            "POST /route HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(id, 2 * HALF.length()))
        .send(HALF);
  }

  private static long slow(JudgedProxy canary) {
    return canary.lastHealth().getJsonObject("foundryWindow").getLong("slow");
  }

  @Test
  void aLimitWhoseActionIsAlertAlertsOnceAndHoldsTheStage() {
    JsonObject alerting =
        health("errorRate", new JsonObject().put("action", "alert"))
            .mergeIn(JudgedProxy.plain(10), true);
    try (JudgedProxy canary = new JudgedProxy(wire, "100ms", bare(alerting))) {
      canary.command("start");
      RunningProxy.await(canary.foundry().become(FAILING));
      canary.posts(60);
      canary.waitUntil(state -> errors(state, "foundry") == canary.atFoundry());
      Waits.until(() -> !canary.alerts().isEmpty());
      canary.posts(20);
      canary.waitUntil(state -> errors(state, "foundry") == canary.atFoundry());
      String share = "threshold: The share served is not the share set: ";
      Waits.until(() -> canary.alerts().stream().anyMatch(alert -> alert.startsWith(share)));
      // Legacy answers for Foundry, of which people are told, too.
      assertThat(canary.alerts())
          .satisfiesExactlyInAnyOrder(
              alert ->
                  assertThat(alert).startsWith("threshold: Foundry exceeds a limit: error rate"),
              alert -> assertThat(alert).startsWith(share),
              alert ->
                  assertThat(alert)
                      .startsWith("dry_run: Dry run: would have rolled back at ")
                      .endsWith("(PLAIN; health.errorRate.action is alert)"));
      assertThat(canary.state().getString("phase")).isEqualTo("canary_10");
      Throwable refused = catchThrowable(() -> canary.command("advance"));
      assertThat(refused).hasMessageContaining("advance: unhealthy, error rate");
    }
  }
}
