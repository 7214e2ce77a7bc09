package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Orders on their way to the leader, and those of others that this replica carries out as the
 * leader. Each has an id and is carried out at most once, however often its frame comes, and not at
 * all once nobody waits for it any more: a link that was cut may hand it over minutes later. Lives
 * on one context.
 */
final class Orders {
  static final long DEADLINE_MILLIS = 5_000;
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_REMEMBERED = 1_000;
  private static final int UNAVAILABLE = 503;
  private static final String LATE =
      "order: it came to the leader over %d s after it was given, so it was not carried out (expected: another try)"
          .formatted(DEADLINE_MILLIS / 1_000);

  private final Vertx vertx;
  private final Bus bus;
  private final String replicaId;
  private final Map<String, Promise<JsonObject>> waiting = new HashMap<>();
  private final Map<String, Future<JsonObject>> carriedOut = new LinkedHashMap<>();
  private long last;

  Orders(Vertx vertx, Bus bus, String replicaId) {
    this.vertx = vertx;
    this.bus = bus;
    this.replicaId = replicaId;
  }

  /**
   * Asks the leader.
   *
   * @param leadersClock now, milliseconds, or a little earlier; empty = it has not told
   * @param send hands the frame over
   */
  Future<JsonObject> forward(
      JsonObject order, String leader, OptionalLong leadersClock, Consumer<Frame> send) {
    if (waiting.size() >= MOST_WAITING) {
      return refused("order: %d wait for the leader already".formatted(MOST_WAITING));
    }
    String id = replicaId + "-" + ++last;
    Promise<JsonObject> reply = Promise.promise();
    waiting.put(id, reply);
    long timer =
        vertx.setTimer(
            DEADLINE_MILLIS,
            late ->
                reply.tryFail(
                    failure(
                        UNAVAILABLE,
                        ("order: the leader, %s, has not answered in %d s; it may have carried it"
                                + " out (expected: a look at its state, then another try)")
                            .formatted(leader, DEADLINE_MILLIS / 1_000))));
    JsonObject body = new JsonObject().put("id", id).put("through", replicaId).put("order", order);
    leadersClock.ifPresent(now -> body.put("asked", now));
    send.accept(Frame.of(Frame.Kind.ORDER, body));
    return reply
        .future()
        .onComplete(
            done -> {
              waiting.remove(id);
              vertx.cancelTimer(timer);
            });
  }

  /** Nobody leads, of so many other members. */
  static Future<JsonObject> noLeader(int others) {
    return refused(
        ("order: no leader is heard among the %d other members, so nobody can carry it out"
                + " (expected: another try in a few seconds; a rollback works now)")
            .formatted(others));
  }

  private static <T> Future<T> refused(String sentence) {
    return Future.failedFuture(failure(UNAVAILABLE, sentence));
  }

  private static ReplyException failure(int code, String sentence) {
    return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, code, sentence);
  }

  /** The leader's answer. */
  void answered(JsonObject reply) {
    Promise<JsonObject> promise = waiting.get(reply.getString("id", ""));
    if (promise == null) {
      return;
    }
    if (reply.containsKey("code")) {
      promise.tryFail(failure(reply.getInteger("code"), reply.getString("sentence", "refused")));
    } else {
      promise.tryComplete(reply.getJsonObject("state", new JsonObject()));
    }
  }

  /**
   * Carries out an order of another replica, and answers it.
   *
   * @param nowMillis of the clock that this replica tells the others
   */
  void carryOut(JsonObject frame, long nowMillis, Consumer<Frame> answer) {
    String id = frame.getString("id", "");
    Future<JsonObject> done = carriedOut.get(id);
    if (done == null) {
      done = isLate(frame, nowMillis) ? refused(LATE) : ask(frame);
      if (carriedOut.size() >= MOST_REMEMBERED) {
        carriedOut.remove(carriedOut.keySet().iterator().next());
      }
      carriedOut.put(id, done);
    }
    done.onComplete(
        state -> answer.accept(reply(id).apply(new JsonObject().put("state", state))),
        failure -> answer.accept(reply(id).apply(told(failure))));
  }

  private static boolean isLate(JsonObject frame, long nowMillis) {
    Long asked = frame.getLong("asked");
    return asked != null && nowMillis - asked > DEADLINE_MILLIS;
  }

  private Future<JsonObject> ask(JsonObject frame) {
    JsonObject order = frame.getJsonObject("order", new JsonObject()).copy();
    // The audit's actor says who, and through whom.
    order.put(
        "actor",
        "%s, through %s".formatted(order.getValue("actor", "unnamed"), frame.getString("through")));
    return bus.ask(FleetAddresses.ORDER, order, DEADLINE_MILLIS);
  }

  private static Function<JsonObject, Frame> reply(String id) {
    return body -> Frame.of(Frame.Kind.REPLY, body.put("id", id));
  }

  private static JsonObject told(Throwable failure) {
    boolean recipient =
        failure instanceof ReplyException reply
            && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE;
    int code = recipient ? ((ReplyException) failure).failureCode() : UNAVAILABLE;
    String sentence = recipient ? failure.getMessage() : "order: not answered in time";
    return new JsonObject().put("code", code).put("sentence", sentence);
  }
}
