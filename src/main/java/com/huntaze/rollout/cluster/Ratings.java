package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Judgements of answers that another replica gave: all others are asked whether they know the
 * exchange, and the first that does is told the judgement. So it counts once, also where a client
 * has used an id at several replicas. Lives on one context.
 *
 * @param <A> the address of a member
 */
final class Ratings<A> {
  /** Whoever has not answered by then does not know the exchange. */
  static final long DEADLINE_MILLIS = 1_000;

  /** Clients may send ids that nobody knows as fast as they like. */
  static final int MOST_WAITING = 256;

  private static final int UNAVAILABLE = 503;

  private final Vertx vertx;
  private final Bus bus;
  private final String replicaId;
  private final Map<String, Asked<A>> waiting = new HashMap<>();
  private long last;

  /**
   * A judgement under way.
   *
   * @param silent those who have not said whether they know the exchange; emptied once one does
   * @param take tells a member the judgement
   */
  private record Asked<A>(Promise<JsonObject> reply, Set<A> silent, Consumer<A> take) {}

  Ratings(Vertx vertx, Bus bus, String replicaId) {
    this.vertx = vertx;
    this.bus = bus;
    this.replicaId = replicaId;
  }

  /**
   * Asks others.
   *
   * @param rating what the caller has sent, and the id of its key
   * @param send hands a frame over
   * @return {@code known}: whether one of them has taken it
   */
  Future<JsonObject> ask(JsonObject rating, Collection<A> members, BiConsumer<A, Frame> send) {
    if (waiting.size() >= MOST_WAITING) {
      return Future.failedFuture(
          new ReplyException(
              ReplyFailure.RECIPIENT_FAILURE,
              UNAVAILABLE,
              "feedback: %d wait for other replicas already (expected: another try)"
                  .formatted(MOST_WAITING)));
    }
    if (members.isEmpty()) {
      return Future.succeededFuture(known(false));
    }
    String id = replicaId + "-" + ++last;
    JsonObject judgement = rating.copy().put("id", id);
    Asked<A> asked =
        new Asked<>(
            Promise.promise(),
            new HashSet<>(members),
            member -> send.accept(member, Frame.of(Frame.Kind.RATE, judgement)));
    waiting.put(id, asked);
    long timer = vertx.setTimer(DEADLINE_MILLIS, late -> asked.reply().tryComplete(known(false)));
    Frame question = Frame.of(Frame.Kind.RATE, judgement.copy().put("asks", true));
    members.forEach(member -> send.accept(member, question));
    return asked
        .reply()
        .future()
        .onComplete(
            done -> {
              waiting.remove(id);
              vertx.cancelTimer(timer);
            });
  }

  private static JsonObject known(boolean known) {
    return new JsonObject().put("known", known);
  }

  /** A member's answer. */
  void answered(A from, JsonObject answer) {
    Asked<A> asked = waiting.get(answer.getString("id", ""));
    if (asked == null) {
      return;
    }
    boolean known = answer.getBoolean("known", false);
    if (!answer.getBoolean("asked", false)) {
      asked.reply().tryComplete(known(known));
    } else if (asked.silent().remove(from)) {
      if (known) {
        asked.silent().clear();
        asked.take().accept(from);
      } else if (asked.silent().isEmpty()) {
        asked.reply().tryComplete(known(false));
      }
    }
  }

  /** Says whether another replica's exchange is known here; takes its judgement, if it has one. */
  void rate(JsonObject rating, Consumer<Frame> answer) {
    JsonObject reply =
        new JsonObject()
            .put("id", rating.getString("id", ""))
            .put("asked", rating.getBoolean("asks", false));
    bus.<JsonObject>ask(FleetAddresses.RATE_HERE, rating, DEADLINE_MILLIS)
        .otherwise(known(false))
        .onSuccess(
            told -> answer.accept(Frame.of(Frame.Kind.RATED, reply.copy().mergeIn(told, false))));
  }
}
