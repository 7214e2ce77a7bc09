package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/**
 * One outcome as a verticle sends it. The fields {@code agent} and {@code tier} are taken, and not
 * judged by.
 *
 * @param latencyMillis 0 or more
 * @param costNanoUsd {@link Observation#UNKNOWN} = not known
 * @param model {@code null} = not known
 * @param key the user key, {@code null} = none
 * @param epoch and {@code stage}: as {@code rollout.canary.decide} answered them
 */
record OutcomeMessage(
    Provider provider,
    boolean success,
    long latencyMillis,
    long costNanoUsd,
    String model,
    String key,
    String epoch,
    int stage) {
  private static final Set<String> FIELDS =
      Set.of(
          "provider",
          "success",
          "latencyMillis",
          "costNanoUsd",
          "model",
          "agent",
          "tier",
          "key",
          "epoch",
          "stage");

  private static final int MOST_CHARS = 256;
  private static final long MOST_LATENCY = 86_400_000;

  /** A thousand dollars for one request are a mistake, and would drown all others. */
  private static final long MOST_COST = 1_000_000_000_000L;

  /**
   * Reads what anyone may have sent.
   *
   * @throws IllegalArgumentException with a sentence for the sender
   */
  static OutcomeMessage read(Object message) {
    if (!(message instanceof JsonObject json)) {
      throw new IllegalArgumentException(
          "body: not a JSON object or a list of such (expected: {\"provider\": …, \"success\": …,"
              + " \"latencyMillis\": …, \"epoch\": …, \"stage\": …})");
    }
    Bodies.known(json, FIELDS);
    text(json, "agent");
    text(json, "tier");
    return new OutcomeMessage(
        provider(json),
        success(json),
        whole(json, "latencyMillis", 0, MOST_LATENCY),
        json.getValue("costNanoUsd") == null
            ? Observation.UNKNOWN
            : whole(json, "costNanoUsd", 0, MOST_COST),
        text(json, "model"),
        text(json, "key"),
        required(json, "epoch"),
        (int) whole(json, "stage", -1, 1_000));
  }

  private static Provider provider(JsonObject json) {
    Object value = json.getValue("provider");
    for (Provider provider : Provider.values()) {
      if (provider.label().equals(value)) {
        return provider;
      }
    }
    throw new IllegalArgumentException(
        "provider: %s (expected: foundry or legacy)".formatted(CommandReader.clean(value)));
  }

  private static boolean success(JsonObject json) {
    Object value = json.getValue("success");
    if (value instanceof Boolean success) {
      return success;
    }
    throw new IllegalArgumentException(
        "success: %s (expected: true or false)".formatted(CommandReader.clean(value)));
  }

  private static long whole(JsonObject json, String field, long least, long most) {
    Object value = json.getValue(field);
    if (CommandReader.isWhole(value) && value instanceof Number number) {
      long whole = number.longValue();
      if (whole >= least && whole <= most) {
        return whole;
      }
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: a whole number, %d..%d)"
            .formatted(field, CommandReader.clean(value), least, most));
  }

  private static String required(JsonObject json, String field) {
    String value = text(json, field);
    if (value == null) {
      throw new IllegalArgumentException(
          "%s: missing (expected: as rollout.canary.decide answered it)".formatted(field));
    }
    return value;
  }

  private static String text(JsonObject json, String field) {
    Object value = json.getValue(field);
    if (value == null || value instanceof String text && text.length() <= MOST_CHARS) {
      return (String) value;
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: text of at most %d characters)"
            .formatted(field, CommandReader.clean(value), MOST_CHARS));
  }
}
