package com.huntaze.rollout.cluster;

import com.huntaze.rollout.quota.Borrowing;
import com.huntaze.rollout.quota.Demand;
import com.huntaze.rollout.quota.FleetQuota;
import com.huntaze.rollout.quota.FleetQuota.Demands;
import com.huntaze.rollout.quota.SharedLimit;
import com.huntaze.rollout.quota.SharedLimits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The parts of this process in the fleet's limits: what is asked of it goes to all others, by names
 * that tell no client. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class LimitDesk<A> {
  private static final long MOST = Integer.MAX_VALUE;

  private final SharedLimits limits;
  private final Peers<A> peers;
  private final FleetQuota<A> quota;
  private final Borrowing<A> borrowing = new Borrowing<>();

  LimitDesk(SharedLimits limits, String replica, Peers<A> peers) {
    this.limits = limits;
    this.peers = peers;
    this.quota = new FleetQuota<>(replica);
  }

  /** Four times a second: divides, and returns what the others are to hear now. */
  Optional<JsonObject> tick(long nowMillis) {
    return quota.tick(limits, peers.all(), peers.leftInOrder(), nowMillis).map(LimitDesk::written);
  }

  /** Twenty times a second: asks others for what is lacking here. */
  void look(long nowMillis, BiConsumer<A, Frame> send) {
    borrowing
        .look(limits.all(), lenders(), nowMillis)
        .forEach(question -> send.accept(question.to(), written(question)));
  }

  private List<A> lenders() {
    return List.copyOf(peers.since(Frame.LENDING_SINCE));
  }

  private static <A> Frame written(Borrowing.Question<A> question) {
    return Frame.of(
        Frame.Kind.BORROW,
        new JsonObject()
            .put("limit", question.name())
            .put("need", question.need())
            .put("room", question.room()));
  }

  /**
   * Another member lacks something.
   *
   * @return the answer
   * @throws IllegalArgumentException if it is nothing that a member asks; like a {@link
   *     ClassCastException}
   */
  Frame asked(JsonObject body) {
    String name = body.getString("limit", "");
    long need = count(body.getLong("need"), SharedLimit.REQUEST);
    long lent = Borrowing.lend(limits.all(), name, need, count(body.getLong("room"), MOST));
    return Frame.of(Frame.Kind.LENT, new JsonObject().put("limit", name).put("lent", lent));
  }

  /**
   * One who was asked has answered.
   *
   * @throws IllegalArgumentException like {@link #asked}
   */
  void lent(A from, JsonObject body, long nowMillis, BiConsumer<A, Frame> send) {
    borrowing
        .lent(
            from,
            body.getString("limit", ""),
            count(body.getLong("lent"), MOST),
            lenders(),
            nowMillis)
        .ifPresent(question -> send.accept(question.to(), written(question)));
  }

  private static JsonObject written(Demands told) {
    JsonObject demands = new JsonObject();
    told.of()
        .forEach(
            (name, each) -> demands.put(name, new JsonArray().add(each.all()).add(each.most())));
    return new JsonObject().put("replica", told.replica()).put("demands", demands);
  }

  /**
   * Another member's demands.
   *
   * @throws IllegalArgumentException if it is nothing that a member tells; like a {@link
   *     ClassCastException}
   */
  void heard(A from, JsonObject body) {
    JsonObject told = body.getJsonObject("demands");
    String replica = body.getString("replica");
    if (told == null || replica == null || told.size() > FleetQuota.MOST) {
      throw new IllegalArgumentException(
          "demands: %d of %s (expected: at most %d, of a replica)"
              .formatted(told == null ? null : told.size(), replica, FleetQuota.MOST));
    }
    Map<String, Demand> demands = new HashMap<>();
    for (String name : told.fieldNames()) {
      JsonArray each = told.getJsonArray(name);
      demands.put(name, new Demand(count(each, 0), count(each, 1)));
    }
    if (peers.all().contains(from)) {
      quota.told(from, new Demands(replica, demands));
    }
  }

  private static long count(JsonArray of, int at) {
    return count(of == null || at >= of.size() ? null : of.getLong(at), MOST);
  }

  private static long count(Long count, long most) {
    if (count == null || count < 0 || count > most) {
      throw new IllegalArgumentException(
          "demand: %s (expected: a number, 0..%d)".formatted(count, most));
    }
    return count;
  }
}
