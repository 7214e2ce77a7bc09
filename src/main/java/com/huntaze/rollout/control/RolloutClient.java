package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.control.CanaryClient.Decision;
import com.huntaze.rollout.control.CanaryClient.Outcome;
import com.huntaze.rollout.cost.CostAddresses;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.provider.SimulationAddresses;
import com.huntaze.rollout.settings.ConfigAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/**
 * A proxy for other Java verticles of the same Vert.x: every address of {@code docs/event-bus.md},
 * with types. Cheap to make; safe on any context.
 *
 * <p>Every future fails with a {@link ReplyException} whose code is 400 for a malformed request,
 * 409 for a command that the state does not allow, 503 for one that could not be made durable, and
 * whose message is one sentence; or with that of the event bus when no proxy runs.
 */
public final class RolloutClient {
  private static final long ANSWER_MILLIS = 5_000;
  private static final long RELOAD_MILLIS = 10_000;
  private static final MessageReader READER = new MessageReader(false);

  private final Bus bus;
  private final String actor;

  /**
   * @param actor who commands are given by, in logs and the audit; at most 500 characters
   */
  public RolloutClient(Vertx vertx, String actor) {
    this(vertx, "", actor);
  }

  /**
   * @param prefix the proxy's {@code eventBus.prefix}
   * @param actor who commands are given by, in logs and the audit; at most 500 characters
   */
  public RolloutClient(Vertx vertx, String prefix, String actor) {
    this.bus = new Bus(vertx, prefix);
    this.actor = actor;
  }

  /**
   * Asks for the provider of a request.
   *
   * @param requestId for logs
   * @param userId what the request sticks to, {@code null} = keyless
   */
  public Future<Decision> decide(String requestId, String userId) {
    JsonObject body = new JsonObject().put("requestId", requestId).put("userId", userId);
    return this.<JsonObject>ask(CanaryAddresses.DECIDE, body).map(Decision::of);
  }

  /** Tells the judge of outcomes, at most 1,000 at once; a malformed one has none counted. */
  public Future<Messages.Counted> outcomes(List<Outcome> outcomes) {
    JsonArray list = new JsonArray();
    outcomes.forEach(outcome -> list.add(outcome.json()));
    return one(CanaryAddresses.OUTCOME, list, Messages.Counted.class);
  }

  /** The rollout's state. */
  public Future<Messages.State> state() {
    return one(CanaryAddresses.GET, null, Messages.State.class);
  }

  /** The latest transitions, oldest first. */
  public Future<List<Messages.Transition>> transitions() {
    return many(CanaryAddresses.TRANSITIONS, Messages.Transition.class);
  }

  /**
   * Carries out {@code start}, {@code advance}, {@code pause}, {@code resume}, {@code rollback} or
   * {@code reset}.
   *
   * @return the new state, once it is durable
   */
  public Future<Messages.State> command(String command, String reason) {
    return one(CanaryAddresses.COMMAND, order(command, reason), Messages.State.class);
  }

  /**
   * Sets Foundry's share, 0..100.
   *
   * @return the new state, once it is durable
   */
  public Future<Messages.State> set(int percentage, String reason) {
    JsonObject body = order("set", reason).put("percentage", percentage);
    return one(CanaryAddresses.COMMAND, body, Messages.State.class);
  }

  private JsonObject order(String command, String reason) {
    return new JsonObject().put("command", command).put("reason", reason).put("actor", actor);
  }

  /** The latest evaluation; {@code null} before the first. */
  public Future<Messages.Health> health() {
    return this.<JsonObject>ask(CanaryAddresses.HEALTH_GET, null).map(RolloutClient::health);
  }

  private static Messages.Health health(JsonObject body) {
    return body.isEmpty()
        ? null
        : READER.read(body.copy().put("all", body.getMap()), Messages.Health.class);
  }

  /** The state of both circuit breakers. */
  public Future<List<Messages.Breaker>> breakers() {
    return many(ProviderAddresses.BREAKER_GET, Messages.Breaker.class);
  }

  /** The findings of the probes of both providers. */
  public Future<List<Messages.Probe>> probes() {
    return many(ProviderAddresses.PROBE_GET, Messages.Probe.class);
  }

  /** The latest alerts and their channels. */
  public Future<Messages.Alerts> alerts() {
    return one(CanaryAddresses.ALERTS_GET, null, Messages.Alerts.class);
  }

  /**
   * Tells people something.
   *
   * @param kind one of {@code docs/alerts.md}, which has a severity
   * @param subject what it speaks of; may be empty
   * @param sentence one line
   */
  public Future<Messages.Raised> alert(String kind, String subject, String sentence) {
    JsonObject body =
        new JsonObject().put("kind", kind).put("subject", subject).put("sentence", sentence);
    return one(CanaryAddresses.ALERT, body, Messages.Raised.class);
  }

  /**
   * The books.
   *
   * @param by {@code model}, {@code agent}, {@code tier}, {@code provider} or {@code key}
   */
  public Future<Messages.Costs> costs(String by) {
    return one(CostAddresses.GET, new JsonObject().put("by", by), Messages.Costs.class);
  }

  /** The configuration in force, secrets masked. */
  public Future<Messages.Configuration> configuration() {
    return one(ConfigAddresses.GET, null, Messages.Configuration.class);
  }

  /** Has the configuration's files read again; a refusal is an answer, and no failure. */
  public Future<Messages.Reload> reload() {
    return bus.<JsonObject>ask(ConfigAddresses.RELOAD, null, RELOAD_MILLIS)
        .map(body -> READER.read(body, Messages.Reload.class));
  }

  /** The simulated Foundry; fails where nothing is simulated. */
  public Future<Messages.Simulation> simulation() {
    return one(SimulationAddresses.GET, null, Messages.Simulation.class);
  }

  /** Breaks the simulated Foundry, or repairs it with {@code none}. */
  public Future<Messages.Simulation> simulate(String fault) {
    JsonObject body = new JsonObject().put("fault", fault);
    return one(SimulationAddresses.BREAK, body, Messages.Simulation.class);
  }

  /** Hears every change of the state, until the consumer is unregistered. */
  public MessageConsumer<?> onState(Consumer<Messages.State> listener) {
    return hear(CanaryAddresses.STATE, Messages.State.class, listener);
  }

  /** Hears every transition. */
  public MessageConsumer<?> onTransition(Consumer<Messages.Transition> listener) {
    return hear(CanaryAddresses.TRANSITION, Messages.Transition.class, listener);
  }

  /** Hears the figures of every evaluation. */
  public MessageConsumer<?> onHealth(Consumer<Messages.Health> listener) {
    return bus.hear(
        CanaryAddresses.HEALTH, JsonObject.class, body -> listener.accept(health(body)));
  }

  /** Hears every alert that was taken, whoever has raised it. */
  public MessageConsumer<?> onAlert(Consumer<Messages.Alert> listener) {
    return hear(CanaryAddresses.ALERT_TAKEN, Messages.Alert.class, listener);
  }

  /** Hears every change of a circuit breaker. */
  public MessageConsumer<?> onBreaker(Consumer<Messages.Breaker> listener) {
    return hear(ProviderAddresses.BREAKER_STATE, Messages.Breaker.class, listener);
  }

  /** Hears when a provider is found down, or up again. */
  public MessageConsumer<?> onProbe(Consumer<Messages.Probe> listener) {
    return hear(ProviderAddresses.PROBE_STATE, Messages.Probe.class, listener);
  }

  /** Hears every change of the configuration in force. */
  public MessageConsumer<?> onConfigurationChanged(Consumer<Messages.Reload> listener) {
    return hear(ConfigAddresses.CHANGED, Messages.Reload.class, listener);
  }

  /** Hears of every configuration that is refused. */
  public MessageConsumer<?> onConfigurationRefused(Consumer<Messages.Reload> listener) {
    return hear(ConfigAddresses.REFUSED, Messages.Reload.class, listener);
  }

  /** Hears whenever the simulated Foundry is broken or repaired. */
  public MessageConsumer<?> onSimulation(Consumer<Messages.Simulation> listener) {
    return hear(SimulationAddresses.CHANGED, Messages.Simulation.class, listener);
  }

  private <T> MessageConsumer<?> hear(String address, Class<T> type, Consumer<T> listener) {
    return bus.hear(address, JsonObject.class, body -> listener.accept(READER.read(body, type)));
  }

  private <T> Future<T> one(String address, Object body, Class<T> type) {
    return this.<JsonObject>ask(address, body).map(answer -> READER.read(answer, type));
  }

  private <T> Future<List<T>> many(String address, Class<T> type) {
    return this.<JsonArray>ask(address, null).map(answer -> READER.list(answer, type));
  }

  private <T> Future<T> ask(String address, Object body) {
    return bus.ask(address, body, ANSWER_MILLIS);
  }
}
