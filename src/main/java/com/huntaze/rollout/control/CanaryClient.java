package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rollout for other Java verticles of the same Vert.x, as 0.1.0 had it: the answers are JSON.
 * {@link RolloutClient} has all addresses, and types. Cheap to make; safe on any context.
 *
 * <p>Every future fails with a {@link ReplyException} whose code is 400 for a malformed request,
 * 409 for a command that the state does not allow, 503 for one that could not be made durable, and
 * whose message is one sentence; or with that of the event bus when no canary runs.
 */
public final class CanaryClient {
  private static final long ANSWER_MILLIS = 5_000;

  private final Bus bus;
  private final String actor;

  /**
   * A client of the rollout on a Vert.x.
   *
   * @param vertx the one that the proxy was started on
   * @param actor who commands are given by, in logs and the audit; at most 500 characters
   */
  public CanaryClient(Vertx vertx, String actor) {
    this(vertx, "", actor);
  }

  /**
   * A client of one of several proxies on a Vert.x.
   *
   * @param vertx the one that the proxy was started on
   * @param prefix the proxy's {@code eventBus.prefix}
   * @param actor who commands are given by, in logs and the audit; at most 500 characters
   */
  public CanaryClient(Vertx vertx, String prefix, String actor) {
    this.bus = new Bus(vertx, prefix);
    this.actor = actor;
  }

  /**
   * The decision for one request. Epoch and stage belong into the outcome.
   *
   * @param percentage Foundry's share, 0..100
   * @param phase such as {@code canary_10}
   * @param epoch the rollout, {@code n-creatorId}
   * @param stage zero-based, -1 outside the stages
   */
  public record Decision(Provider provider, int percentage, String phase, String epoch, int stage) {

    /**
     * The one that a reply of {@code rollout.canary.decide} tells.
     *
     * @param reply the body
     * @return the decision
     */
    public static Decision of(JsonObject reply) {
      return new Decision(
          Provider.of(reply.getString("provider")),
          reply.getInteger("percentage"),
          reply.getString("phase"),
          reply.getString("epoch"),
          reply.getInteger("stage"));
    }
  }

  /**
   * The outcome of a request.
   *
   * @param decided as {@link #decide} answered it
   * @param success whether the provider answered
   * @param latencyMillis to the first content, 0 or more
   * @param costNanoUsd nano-USD, {@code null} = not known
   * @param model {@code null} = not known
   * @param key the user key, {@code null} = none
   * @param agent {@code null} = not known
   * @param tier {@code null} = not known
   */
  public record Outcome(
      Decision decided,
      boolean success,
      long latencyMillis,
      Long costNanoUsd,
      String model,
      String key,
      String agent,
      String tier) {

    /**
     * One of which agent and tier are not known.
     *
     * @param decided as {@link #decide} answered it
     * @param success whether the provider answered
     * @param latencyMillis to the first content, 0 or more
     * @param costNanoUsd nano-USD, {@code null} = not known
     * @param model {@code null} = not known
     * @param key the user key, {@code null} = none
     */
    public Outcome(
        Decision decided,
        boolean success,
        long latencyMillis,
        Long costNanoUsd,
        String model,
        String key) {
      this(decided, success, latencyMillis, costNanoUsd, model, key, null, null);
    }

    /** {@return the body that {@code rollout.outcome} takes} */
    public JsonObject json() {
      return new JsonObject()
          .put("provider", decided.provider().label())
          .put("epoch", decided.epoch())
          .put("stage", decided.stage())
          .put("success", success)
          .put("latencyMillis", latencyMillis)
          .put("costNanoUsd", costNanoUsd)
          .put("model", model)
          .put("key", key)
          .put("agent", agent)
          .put("tier", tier);
    }
  }

  /**
   * Asks for the provider of a request.
   *
   * @param requestId for logs
   * @param userId what the request sticks to, {@code null} = keyless
   * @return the provider, and what to tell with the outcome
   */
  public Future<Decision> decide(String requestId, String userId) {
    JsonObject body = new JsonObject().put("requestId", requestId).put("userId", userId);
    return ask(CanaryAddresses.DECIDE, body).map(Decision::of);
  }

  /**
   * Tells the judge of outcomes, at most 1,000 at once; a malformed one has none of them counted.
   *
   * @param outcomes what became of requests that the caller sent itself
   * @return how many were counted: those of another epoch or stage than the present one are history
   */
  public Future<Integer> outcomes(List<Outcome> outcomes) {
    JsonArray list = new JsonArray();
    outcomes.forEach(outcome -> list.add(outcome.json()));
    return ask(CanaryAddresses.OUTCOME, list).map(answer -> answer.getInteger("counted"));
  }

  /** {@return the rollout's state} */
  public Future<JsonObject> state() {
    return ask(CanaryAddresses.GET, null);
  }

  /** {@return the figures of both providers and the decision, as of the latest evaluation} */
  public Future<JsonObject> health() {
    return ask(CanaryAddresses.HEALTH_GET, null);
  }

  /** {@return the latest transitions, oldest first, with who, why, when and the evidence} */
  public Future<JsonArray> transitions() {
    return bus.ask(CanaryAddresses.TRANSITIONS, null, ANSWER_MILLIS);
  }

  /**
   * Carries out {@code start}, {@code advance}, {@code pause}, {@code resume}, {@code rollback} or
   * {@code reset}.
   *
   * @param command one of these
   * @param reason at most 500 characters, {@code null} = none
   * @return the new state, once it is durable
   */
  public Future<JsonObject> command(String command, String reason) {
    return ask(CanaryAddresses.COMMAND, body(command, reason));
  }

  /**
   * Sets Foundry's share.
   *
   * @param percentage 0..100
   * @param reason at most 500 characters, {@code null} = none
   * @return the new state, once it is durable
   */
  public Future<JsonObject> set(int percentage, String reason) {
    return ask(CanaryAddresses.COMMAND, body("set", reason).put("percentage", percentage));
  }

  private JsonObject body(String command, String reason) {
    return new JsonObject().put("command", command).put("reason", reason).put("actor", actor);
  }

  /**
   * Hears every change of the state, until the consumer is unregistered.
   *
   * @param listener is given each, on the caller's context
   * @return the consumer, to unregister
   */
  public MessageConsumer<JsonObject> onState(Consumer<JsonObject> listener) {
    return bus.hear(CanaryAddresses.STATE, JsonObject.class, listener);
  }

  /**
   * Hears the figures of every evaluation, until the consumer is unregistered.
   *
   * @param listener is given each, on the caller's context
   * @return the consumer, to unregister
   */
  public MessageConsumer<JsonObject> onHealth(Consumer<JsonObject> listener) {
    return bus.hear(CanaryAddresses.HEALTH, JsonObject.class, listener);
  }

  /**
   * Hears every alert, until the consumer is unregistered.
   *
   * @param listener is given each, on the caller's context
   * @return the consumer, to unregister
   */
  public MessageConsumer<JsonObject> onAlert(Consumer<JsonObject> listener) {
    return bus.hear(CanaryAddresses.ALERT_TAKEN, JsonObject.class, listener);
  }

  private Future<JsonObject> ask(String address, Object body) {
    return bus.ask(address, body, ANSWER_MILLIS);
  }
}
