package com.huntaze.rollout.cluster;

import com.huntaze.rollout.quota.Demand;
import com.huntaze.rollout.quota.FleetQuota;
import com.huntaze.rollout.quota.FleetQuota.Demands;
import com.huntaze.rollout.quota.SharedLimits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of this process in the fleet's limits: what is asked of it goes to all others, by names
 * that tell no client. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class LimitDesk<A> {
  private final SharedLimits limits;
  private final Peers<A> peers;
  private final FleetQuota<A> quota;

  LimitDesk(SharedLimits limits, String replica, Peers<A> peers) {
    this.limits = limits;
    this.peers = peers;
    this.quota = new FleetQuota<>(replica);
  }

  /** Four times a second: divides, and returns what the others are to hear now. */
  Optional<JsonObject> tick(long nowMillis) {
    return quota.tick(limits, peers.all(), peers.leftInOrder(), nowMillis).map(LimitDesk::written);
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
    Long count = of == null || at >= of.size() ? null : of.getLong(at);
    if (count == null || count < 0 || count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "demands: %s (expected: two numbers, 0..%d)".formatted(of, Integer.MAX_VALUE));
    }
    return count;
  }
}
