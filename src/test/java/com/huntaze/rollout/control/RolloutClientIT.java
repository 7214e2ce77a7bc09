package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.app.RolloutProxy;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.cost.CostAddresses;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.provider.SimulationAddresses;
import com.huntaze.rollout.settings.ConfigAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every address of a simulated proxy, with types, behind a prefix. */
class RolloutClientIT {
  private static final String PREFIX = "eu.";
  private static final int BAD_REQUEST = 400;
  private static final int NOT_ASKED = 405;

  /** The type of answer of each address that takes no body. */
  private static final Map<String, Class<?>> ANSWERS =
      new TreeMap<>(
          Map.of(
              CanaryAddresses.GET, Messages.State.class,
              CanaryAddresses.TRANSITIONS, Messages.Transition.class,
              CanaryAddresses.ALERTS_GET, Messages.Alerts.class,
              CostAddresses.GET, Messages.Costs.class,
              ConfigAddresses.GET, Messages.Configuration.class,
              ConfigAddresses.RELOAD, Messages.Reload.class,
              ProviderAddresses.BREAKER_GET, Messages.Breaker.class,
              ProviderAddresses.PROBE_GET, Messages.Probe.class,
              SimulationAddresses.GET, Messages.Simulation.class));

  private static Vertx vertx;
  private static RolloutProxy proxy;
  private static RolloutClient client;
  private static final List<Object> heard = new CopyOnWriteArrayList<>();

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(90, TimeUnit.SECONDS);
  }

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    JsonObject simulate =
        new JsonObject().put("foundryPort", 0).put("legacyPort", 0).put("requestsPerSecond", 20);
    proxy =
        await(
            RolloutProxy.start(
                vertx,
                new JsonObject()
                    .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
                    .put("admin", new JsonObject().put("port", 0))
                    .put("state", new JsonObject().put("dir", ""))
                    .put("prices", "conf/prices.json")
                    .put("eventBus", new JsonObject().put("prefix", PREFIX))
                    .put("simulate", simulate)));
    client = new RolloutClient(vertx, PREFIX, "a test");
    client.onState(heard::add);
    client.onTransition(heard::add);
    client.onHealth(heard::add);
    client.onAlert(heard::add);
    client.onBreaker(heard::add);
    client.onProbe(heard::add);
    client.onConfigurationChanged(heard::add);
    client.onConfigurationRefused(heard::add);
    client.onSimulation(heard::add);
  }

  @AfterAll
  static void stop() throws Exception {
    await(proxy.close());
    await(vertx.close());
  }

  private static boolean hasHeard(Class<?> type) {
    return heard.stream().anyMatch(type::isInstance);
  }

  @Test
  void everyAddressIsAskedAndHeardWithTypes() throws Exception {
    Messages.State started = await(client.command("start", "to see"));
    assertThat(started.phase()).isEqualTo("canary_10");
    assertThat(started.mode()).isEqualTo("canary");
    assertThat(started.startedAt()).isNotNull();
    assertThat(started.stages())
        .extracting(Messages.Stage::percentage)
        .containsExactly(10, 50, 100);
    Waits.until(() -> await(client.health()) != null);
    Waits.until(() -> await(client.state()).metrics().legacy().requestCount() > 0);
    Messages.Health health = await(client.health());
    assertThat(health.verdict()).isNotEmpty();
    assertThat(health.legacy().provider()).isEqualTo(Provider.LEGACY);
    assertThat(health.all().containsKey("comparison")).isTrue();

    assertThat(await(client.set(30, "more")).percentage()).isEqualTo(30);
    List<Messages.Transition> transitions = await(client.transitions());
    assertThat(transitions.get(transitions.size() - 1).action()).isEqualTo("set");
    assertThat(transitions.get(transitions.size() - 1).actor()).isEqualTo("a test");

    CanaryClient.Decision decided = await(client.decide("r", "user-1"));
    CanaryClient.Decision past =
        new CanaryClient.Decision(decided.provider(), 10, "canary_10", "0-past", 0);
    Messages.Counted counted =
        await(
            client.outcomes(
                List.of(
                    new CanaryClient.Outcome(decided, true, 5, null, "m", "user-1"),
                    new CanaryClient.Outcome(past, true, 5, null, "m", "user-1"))));
    assertThat(counted.counted()).isEqualTo(1);
    assertThat(counted.notCounted()).isEqualTo(1);
    assertThat(counted.why()).contains("epoch 0-past, stage 0 is history");

    assertThat(await(client.breakers())).extracting(Messages.Breaker::state).contains("closed");
    Waits.until(() -> await(client.probes()).stream().filter(Messages.Probe::up).count() == 2);
    assertThat(await(client.alert("threshold", "a test", "Look at this")).result())
        .isEqualTo("sent");
    assertThat(await(client.alert("threshold", "a test", "Look at this")).result())
        .isEqualTo("kept_back");
    assertThat(await(client.alerts()).alerts())
        .extracting(Messages.SentAlert::sentence)
        .contains("Look at this");
    Waits.until(() -> await(client.costs("provider")).total().requests() > 0);
    assertThat(await(client.configuration()).values()).hasSizeGreaterThan(50);
    assertThat(await(client.reload()).result()).isEqualTo("refused");
    assertThat(await(client.simulate("slow")).fault()).isEqualTo("slow");
    assertThat(await(client.simulate("none")).fault()).isEqualTo("none");
    assertThat(await(client.simulation()).faults()).contains("errors", "none");
    for (Class<?> type :
        List.of(
            Messages.State.class,
            Messages.Transition.class,
            Messages.Health.class,
            Messages.Alert.class,
            Messages.Reload.class,
            Messages.Simulation.class)) {
      Waits.until(() -> hasHeard(type));
    }
  }

  static Stream<String> asked() {
    return ANSWERS.keySet().stream();
  }

  /** A field that the types leave out would be lost: a strict reader finds it. */
  @ParameterizedTest
  @MethodSource("asked")
  void theTypesLeaveNothingOut(String address) throws Exception {
    Object reply = await(new Bus(vertx, PREFIX).ask(address, null, 5_000));
    MessageReader strict = new MessageReader(true);
    if (reply instanceof JsonArray list) {
      strict.list(list, ANSWERS.get(address));
    } else {
      strict.read((JsonObject) reply, ANSWERS.get(address));
    }
  }

  static Stream<Arguments> malformed() {
    List<Arguments> cases = new ArrayList<>();
    for (String address : ANSWERS.keySet()) {
      cases.add(Arguments.of(address, new JsonObject().put("colour", "red"), "colour"));
      cases.add(Arguments.of(address, 7, ""));
      cases.add(Arguments.of(address, new JsonArray().add(1), ""));
    }
    JsonObject outcome =
        new JsonObject()
            .put("provider", "foundry")
            .put("success", true)
            .put("latencyMillis", 5)
            .put("epoch", "1-a")
            .put("stage", 0);
    JsonObject alert = new JsonObject().put("kind", "threshold").put("sentence", "x");
    Map<String, JsonObject> good =
        Map.of(
            CanaryAddresses.DECIDE, new JsonObject().put("requestId", "r"),
            CanaryAddresses.COMMAND, new JsonObject().put("command", "pause"),
            CanaryAddresses.OUTCOME, outcome,
            CanaryAddresses.ALERT, alert,
            CostAddresses.GET, new JsonObject().put("by", "model"),
            SimulationAddresses.BREAK, new JsonObject().put("fault", "none"));
    good.forEach(
        (address, body) -> {
          cases.add(
              Arguments.of(address, body.copy().put("colour", "red"), "colour: unknown field"));
          cases.add(
              Arguments.of(
                  address, body.copy().put("version", 2), "version: 2 (expected: 1, or none)"));
          cases.add(Arguments.of(address, body.copy().put("version", "1"), "version: 1"));
        });
    cases.add(
        Arguments.of(
            CanaryAddresses.COMMAND,
            new JsonObject().put("command", "start").put("percentage", 10),
            "percentage: unknown field"));
    cases.add(
        Arguments.of(
            CanaryAddresses.OUTCOME,
            new JsonArray().add(outcome.copy().put("x", 1)),
            "x: unknown field"));
    cases.add(Arguments.of(CostAddresses.GET, "colour", "by: colour (expected: one of "));
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsMalformedIsRefusedWithASentence(String address, Object body, String sentence) {
    Throwable refused =
        catchThrowable(() -> await(vertx.eventBus().request(PREFIX + address, body))).getCause();
    assertThat(refused).isInstanceOf(ReplyException.class).hasMessageContaining(sentence);
    assertThat(refused.getMessage()).contains("expected: ");
    assertThat(((ReplyException) refused).failureCode()).isEqualTo(BAD_REQUEST);
  }

  @Test
  void aBodyOfVersionOneIsTakenAndEveryAnswerHasItsVersion() throws Exception {
    DeliveryOptions local = new DeliveryOptions().setLocalOnly(true);
    JsonObject body = new JsonObject().put("version", 1).put("requestId", "r");
    JsonObject decision =
        await(vertx.eventBus().<JsonObject>request(PREFIX + CanaryAddresses.DECIDE, body, local))
            .body();
    assertThat(decision.getInteger("version")).isEqualTo(1);
    JsonArray breakers =
        await(vertx.eventBus().<JsonArray>request(PREFIX + ProviderAddresses.BREAKER_GET, null))
            .body();
    assertThat(breakers.getJsonObject(0).getInteger("version")).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("published")
  void whatIsPublishedCannotBeAsked(String address) {
    Throwable refused =
        catchThrowable(() -> await(vertx.eventBus().request(PREFIX + address, null))).getCause();
    assertThat(refused).hasMessageContaining("(expected: to be listened to");
    assertThat(((ReplyException) refused).failureCode()).isEqualTo(NOT_ASKED);
  }

  static Stream<String> published() {
    return Stream.of(
        CanaryAddresses.STATE,
        CanaryAddresses.TRANSITION,
        CanaryAddresses.HEALTH,
        CanaryAddresses.ALERT_TAKEN,
        ProviderAddresses.BREAKER_STATE,
        ProviderAddresses.PROBE_STATE,
        ConfigAddresses.CHANGED,
        ConfigAddresses.REFUSED,
        SimulationAddresses.CHANGED);
  }

  @Test
  void withoutThePrefixNobodyAnswers() {
    Throwable unanswered =
        catchThrowable(() -> await(vertx.eventBus().request(CanaryAddresses.GET, null)));
    assertThat(unanswered.getCause()).hasMessageContaining("No handlers for address");
  }
}
