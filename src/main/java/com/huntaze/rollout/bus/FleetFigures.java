package com.huntaze.rollout.bus;

import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * Figures of the other replicas of a cluster, asked for on the bus, and the account of whose they
 * are: {@code fleet} in an answer. Without a cluster there are none, and nothing is added. Used by
 * one thread.
 */
public final class FleetFigures {
  /** The member of an answer that tells whose figures it has. */
  public static final String FLEET = "fleet";

  /** Longer than replicas are waited for. */
  private static final long SOON_MILLIS = 2_000;

  private final JsonObject told;
  private final boolean ofAll;
  private final List<String> from = new ArrayList<>();
  private final JsonArray missing;
  private String leader;

  private FleetFigures(JsonObject told, boolean ofAll) {
    this.told = told;
    this.ofAll = ofAll;
    this.missing = told == null ? new JsonArray() : told.getJsonArray("missing").copy();
    if (told != null && told.getString("self") != null) {
      from.add(told.getString("self"));
    }
  }

  /**
   * Reads the scope of a question: {@code fleet}, which is the default, or {@code replica}.
   *
   * @return whether the figures of this replica alone are wanted
   * @throws IllegalArgumentException with a sentence for the sender
   */
  public static boolean ownAlone(Object scope) {
    if (scope == null || "fleet".equals(scope)) {
      return false;
    }
    if ("replica".equals(scope)) {
      return true;
    }
    throw new IllegalArgumentException(
        "scope: %s (expected: fleet or replica)".formatted(Bodies.shown(scope)));
  }

  /** Asks all other replicas; never fails. */
  public static Future<FleetFigures> ask(Bus bus, Figure of, JsonObject query) {
    return ask(bus, new JsonObject().put("of", of.label()).put("query", query), true);
  }

  /** Asks the leader alone, if it is another one; never fails. */
  public static Future<FleetFigures> askLeader(Bus bus, Figure of) {
    return ask(bus, new JsonObject().put("of", of.label()).put("leader", true), false);
  }

  /** Asks nobody: the figures are this replica's, and say so. */
  public static Future<FleetFigures> own(Bus bus) {
    return ask(bus, new JsonObject(), false);
  }

  private static Future<FleetFigures> ask(Bus bus, JsonObject question, boolean ofAll) {
    return bus.<JsonObject>ask(FleetAddresses.FIGURES, question, SOON_MILLIS)
        .map(told -> new FleetFigures(told, ofAll))
        .otherwise(failure -> new FleetFigures(isAlone(failure) ? null : silent(), ofAll));
  }

  private static boolean isAlone(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }

  private static JsonObject silent() {
    JsonObject all = new JsonObject().put("replica", null).put("why", "the cluster is silent");
    return new JsonObject()
        .put("self", null)
        .put("ageMillis", SOON_MILLIS)
        .put("told", new JsonArray())
        .put("missing", new JsonArray().add(all));
  }

  /**
   * Adds what others have told to the own figures; one whose answer makes no sense is missing.
   *
   * @param read may throw
   */
  public <T> T sum(T own, Function<JsonObject, T> read, BinaryOperator<T> plus) {
    return sum(own, (replica, body) -> read.apply(body), plus);
  }

  /** The same, read by whose they are, too. */
  public <T> T sum(T own, BiFunction<String, JsonObject, T> read, BinaryOperator<T> plus) {
    T sum = own;
    for (JsonObject each : answers()) {
      String replica = each.getString("replica");
      try {
        sum = plus.apply(sum, read.apply(replica, body(each)));
        from.add(replica);
      } catch (RuntimeException strange) {
        missing.add(
            new JsonObject().put("replica", replica).put("why", "its answer cannot be read"));
      }
    }
    return sum;
  }

  /** The leader's figures, if another replica leads and has told them. */
  public Optional<JsonObject> leaders() {
    return answers().stream()
        .findFirst()
        .map(
            answer -> {
              leader = answer.getString("replica");
              return body(answer);
            });
  }

  private List<JsonObject> answers() {
    return told == null
        ? List.of()
        : told.getJsonArray("told").stream().map(JsonObject.class::cast).toList();
  }

  private static JsonObject body(JsonObject answer) {
    return answer.getJsonObject("body");
  }

  /** Adds the account of whose figures an answer has; without a cluster it stays as it is. */
  public JsonObject tell(JsonObject answer) {
    return told == null ? answer : answer.put(FLEET, fleet());
  }

  /** Adds that an answer has what those that led have kept, each of its time. */
  public JsonObject tellKept(JsonObject answer) {
    return told == null ? answer : answer.put(FLEET, fleet().put("figures", "leaders"));
  }

  private JsonObject fleet() {
    JsonObject fleet = new JsonObject().put("ageMillis", told.getLong("ageMillis"));
    if (ofAll) {
      fleet
          .put("figures", "all")
          .put("replicas", "%d of %d".formatted(from.size(), from.size() + missing.size()))
          .put("from", new JsonArray(List.copyOf(from)))
          .put("missing", missing);
    } else {
      fleet
          .put("figures", leader == null ? "replica" : "leader")
          .put("from", new JsonArray(leader == null ? List.copyOf(from) : List.of(leader)))
          .put("missing", missing);
    }
    return fleet;
  }
}
