package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.Waits;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The event bus's contract, as a verticle of another team uses it. */
class CanaryBusIT {
  private static final int DECISIONS = 2_000;
  private static RunningProxy proxy;
  private NeighbourVerticle neighbour;

  @BeforeAll
  static void start() {
    String unused = "http://127.0.0.1:1";
    proxy = RunningProxy.start(RunningProxy.before("canary", unused, unused));
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @BeforeEach
  void beInitialWithANewNeighbour() {
    JsonObject reset = new JsonObject().put("command", "reset");
    await(proxy.vertx().eventBus().request("rollout.canary.command", reset));
    // Deployed after the reset, so that it does not see its publication.
    neighbour = new NeighbourVerticle();
    await(proxy.vertx().deployVerticle(neighbour));
  }

  private List<JsonObject> decide(List<String> users) {
    List<Future<JsonObject>> decisions = new ArrayList<>();
    for (int i = 0; i < users.size(); i++) {
      decisions.add(neighbour.decide("request-" + i, users.get(i)));
    }
    return await(Future.all(decisions)).list();
  }

  private static double share(List<JsonObject> decisions) {
    long foundry =
        decisions.stream().filter(it -> it.getString("provider").equals("foundry")).count();
    assertThat(decisions)
        .extracting(it -> it.getString("provider"))
        .containsAnyOf("foundry", "legacy")
        .isSubsetOf("foundry", "legacy");
    return 100.0 * foundry / decisions.size();
  }

  private static List<String> users(int count) {
    return IntStream.range(0, count).mapToObj(i -> "user-" + i).toList();
  }

  private static void assertRefused(Future<JsonObject> request, int code, String sentence) {
    Throwable failure = catchThrowable(request::await);
    assertThat(failure).isInstanceOf(ReplyException.class).hasMessageContaining(sentence);
    assertThat(((ReplyException) failure).failureCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 50, 100})
  void decidesKeylessRequestsInTheShareThatWasSet(int percentage) {
    JsonObject state = await(neighbour.set(percentage));
    List<String> keyless = new ArrayList<>();
    IntStream.range(0, DECISIONS).forEach(i -> keyless.add(null));
    List<JsonObject> decisions = decide(keyless);
    double share = share(decisions);
    assertThat(share).isCloseTo(percentage, within(percentage % 100 == 0 ? 0 : 0.5));
    assertThat(decisions)
        .allSatisfy(
            decision -> {
              assertThat(decision.getInteger("percentage")).isEqualTo(percentage);
              for (String field : List.of("phase", "epoch", "stage")) {
                assertThat(decision.getValue(field)).isEqualTo(state.getValue(field));
              }
              assertThat(decision.fieldNames())
                  .containsExactlyInAnyOrder(
                      "version", "provider", "percentage", "phase", "epoch", "stage");
            });
  }

  @Test
  void decidesForUsersInTheShareAndNeverMovesThemBackWhileItGrows() {
    List<String> users = users(DECISIONS);
    Set<String> before = new HashSet<>();
    for (int percentage : new int[] {0, 10, 50, 100}) {
      await(neighbour.set(percentage));
      List<JsonObject> decisions = decide(users);
      // 4 standard deviations of a fair draw; the buckets are fixed, so this never flickers.
      double tolerance = 4 * Math.sqrt(percentage * (100.0 - percentage) / DECISIONS);
      assertThat(share(decisions)).isCloseTo(percentage, within(tolerance));
      Set<String> foundry = new HashSet<>();
      for (int i = 0; i < users.size(); i++) {
        if (decisions.get(i).getString("provider").equals("foundry")) {
          foundry.add(users.get(i));
        }
      }
      assertThat(foundry).containsAll(before);
      assertThat(decide(users)).isEqualTo(decisions);
      before = foundry;
    }
  }

  @Test
  void takesAUserWithBlanksAroundForTheSameAndAnEmptyOneForNone() {
    await(neighbour.set(50));
    for (String user : users(50)) {
      assertThat(await(neighbour.decide("r", "  " + user + " ")))
          .isEqualTo(await(neighbour.decide("r", user)));
    }
    assertThat(await(neighbour.decide("r", "")).getString("provider")).isNotNull();
  }

  static List<Object> notObjects() {
    return List.of("text", 5, true, new JsonArray().add(new JsonObject()), 1.5);
  }

  @ParameterizedTest
  @MethodSource("notObjects")
  void refusesABodyThatIsNotAnObject(Object body) {
    assertRefused(neighbour.ask("rollout.canary.decide", body), 400, "body: not a JSON object");
    assertRefused(neighbour.ask("rollout.canary.command", body), 400, "body: not a JSON object");
  }

  @Test
  void refusesAMissingBodyAndAUserThatIsNotText() {
    assertRefused(neighbour.ask("rollout.canary.decide", null), 400, "body: not a JSON object");
    assertRefused(neighbour.ask("rollout.canary.command", null), 400, "body: not a JSON object");
    JsonObject number = new JsonObject().put("requestId", "r").put("userId", 7);
    assertRefused(neighbour.ask("rollout.canary.decide", number), 400, "userId: 7 (expected: text");
    JsonObject object = new JsonObject().put("userId", new JsonObject());
    assertRefused(neighbour.ask("rollout.canary.decide", object), 400, "userId: ");
  }

  @Test
  void carriesOutCommandsAndAnswersWithTheNewState() {
    JsonObject started = await(neighbour.command("start"));
    assertThat(started.getString("phase")).isEqualTo("canary_10");
    assertThat(started.getInteger("percentage")).isEqualTo(10);
    assertThat(started.getString("reason")).contains("by neighbour", "test");
    JsonObject set = await(neighbour.set(30));
    assertThat(set.getString("phase")).isEqualTo("canary_50");
    assertThat(set.getInteger("percentage")).isEqualTo(30);
    assertThat(withoutLook(await(neighbour.get()))).isEqualTo(withoutLook(set));
    JsonObject back = await(neighbour.command("rollback"));
    assertThat(back.getString("phase")).isEqualTo("rollback");
    assertThat(back.getInteger("percentage")).isZero();
    assertThat(back.getInteger("stage")).isEqualTo(-1);
    assertThat(back.getString("epoch")).isEqualTo(started.getString("epoch"));
    JsonObject again = await(neighbour.command("start"));
    assertThat(again.getString("epoch")).isNotEqualTo(started.getString("epoch"));
  }

  /** A state without what each look of the judge changes: one may come between two questions. */
  private static JsonObject withoutLook(JsonObject state) {
    JsonObject kept = state.copy();
    assertThat(kept.fieldNames()).contains("lastHealthCheck", "healthyDuration", "metrics");
    kept.remove("lastHealthCheck");
    kept.remove("healthyDuration");
    kept.remove("metrics");
    return kept;
  }

  static List<Object> badPercentages() {
    return List.of(130, -1, 10.5, "10", true, new JsonArray().add(10), 1L << 40);
  }

  @ParameterizedTest
  @MethodSource("badPercentages")
  void refusesABadPercentage(Object percentage) {
    JsonObject body = new JsonObject().put("command", "set").put("percentage", percentage);
    assertRefused(
        neighbour.command(body),
        400,
        "percentage: %s (expected: a whole number, 0..100)".formatted(percentage));
  }

  static List<Number> wholeNumbers() {
    return List.of(10, 10L, (short) 10, (byte) 10);
  }

  @ParameterizedTest
  @MethodSource("wholeNumbers")
  void takesAWholePercentageOfAnyWidth(Number percentage) {
    JsonObject body = new JsonObject().put("command", "set").put("percentage", percentage);
    assertThat(await(neighbour.command(body)).getInteger("percentage")).isEqualTo(10);
  }

  @Test
  void refusesMalformedCommandsWithASentence() {
    JsonObject set = new JsonObject().put("command", "set");
    assertRefused(neighbour.command(set), 400, "percentage: null (expected: a whole number");
    String commands = "(expected: start, advance, pause, resume, set, rollback or reset)";
    assertRefused(neighbour.command("stop"), 400, "command: \"stop\" " + commands);
    assertRefused(neighbour.command(new JsonObject()), 400, "command: \"\" " + commands);
    JsonObject number = new JsonObject().put("command", 5);
    assertRefused(neighbour.command(number), 400, "command: 5 (expected: text");
    String address = "rollout.canary.command";
    JsonObject wordy = new JsonObject().put("command", "start").put("reason", "x".repeat(501));
    assertRefused(neighbour.ask(address, wordy), 400, "(expected: text of at most 500 characters)");
    JsonObject named = new JsonObject().put("command", "start").put("actor", "x".repeat(501));
    assertRefused(neighbour.ask(address, named), 400, "actor: ");
    assertThat(await(neighbour.get()).getString("phase")).isEqualTo("initial");
  }

  @Test
  void refusesACommandThatTheStateDoesNotAllow() {
    assertRefused(neighbour.command("resume"), 409, "resume: not paused, initial at 0 %");
    await(neighbour.command("start"));
    assertRefused(neighbour.command("start"), 409, "start: already running, canary_10 at 10 %");
    await(neighbour.command("rollback"));
    assertRefused(neighbour.set(10), 409, "set: rolled back, the share stays 0 %");
    assertRefused(neighbour.command("advance"), 409, "advance: rolled back");
  }

  @Test
  void publishesTheStateOnEveryChangeAndOnlyThen() throws Exception {
    List<JsonObject> expected = new ArrayList<>();
    expected.add(await(neighbour.command("start")));
    expected.add(await(neighbour.set(30)));
    await(neighbour.set(30));
    await(neighbour.get());
    await(neighbour.decide("r", "user"));
    catchThrowable(neighbour.command("resume")::await);
    catchThrowable(neighbour.command("nonsense")::await);
    expected.add(await(neighbour.command("pause")));
    await(neighbour.command("pause"));
    expected.add(await(neighbour.command("resume")));
    expected.add(await(neighbour.command("rollback")));
    await(neighbour.command("rollback"));
    catchThrowable(neighbour.set(5)::await);
    expected.add(await(neighbour.command("reset")));
    await(neighbour.command("reset"));
    // Whatever was published before this last change has come before it.
    expected.add(await(neighbour.command("start")));
    awaitStates(expected.size());
    assertThat(withoutClock(neighbour.states())).isEqualTo(withoutClock(expected));
  }

  /** A verdict may fall between a command's answer and the publication. */
  private static List<JsonObject> withoutClock(List<JsonObject> states) {
    List<JsonObject> copies = states.stream().map(JsonObject::copy).toList();
    copies.forEach(state -> state.remove("lastHealthCheck"));
    return copies;
  }

  @Test
  void carriesTheFieldsOfTheSeedWithTheirTypes() throws Exception {
    await(neighbour.command("start"));
    awaitStates(1);
    JsonObject state = neighbour.states().get(0);
    assertThat(state.getValue("phase")).isEqualTo("canary_10");
    assertThat(state.getValue("percentage")).isInstanceOf(Integer.class);
    assertThat(state.getString("startedAt")).endsWith("Z");
    assertThat(Instant.parse(state.getString("startedAt"))).isBefore(Instant.now().plusSeconds(1));
    assertThat(state.containsKey("lastHealthCheck")).isTrue();
    if (state.getString("lastHealthCheck") != null) {
      Instant.parse(state.getString("lastHealthCheck"));
    }
    assertThat(state.getValue("healthyDuration")).isInstanceOf(Number.class);
    assertThat(state.getString("epoch")).matches("[1-9][0-9]*-.+");
    assertThat(state.getValue("stage")).isEqualTo(0);
    assertThat(state.getJsonObject("metrics").fieldNames())
        .containsExactlyInAnyOrder("foundry", "legacy");
    for (String provider : List.of("foundry", "legacy")) {
      assertProviderMetrics(state.getJsonObject("metrics").getJsonObject(provider), provider);
    }
    // What crosses the bus as text, in a cluster or to a bridge, is the same.
    assertThat(new JsonObject(state.encode()).encode()).isEqualTo(state.encode());
  }

  private static void assertProviderMetrics(JsonObject metrics, String provider) {
    assertThat(metrics.getValue("provider")).isEqualTo(provider);
    for (String count : List.of("requestCount", "errorCount")) {
      assertThat(metrics.getValue(count)).as(count).isInstanceOfAny(Long.class, Integer.class);
    }
    List<String> figures =
        List.of(
            "errorRate",
            "latencyP50",
            "latencyP95",
            "latencyP99",
            "totalCostUsd",
            "avgCostPerRequest");
    for (String figure : figures) {
      assertThat(metrics.getValue(figure)).as(figure).isInstanceOf(Double.class);
    }
    assertThat(metrics.getValue("modelBreakdown")).isInstanceOf(JsonObject.class);
  }

  private void awaitStates(int count) {
    Waits.until(() -> neighbour.states().size() >= count);
    assertThat(neighbour.states()).hasSize(count);
  }
}
