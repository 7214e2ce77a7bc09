package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.json.JsonObject;

/**
 * The watch over the members, told to this process: what a promotion lacks of them, what people are
 * to be told, who tells it, and the leader's words. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class WatchDesk<A> {
  /** Whoever begins to listen later knows after this time what is not as it is by default. */
  private static final long AGAIN_MILLIS = 1_000;

  private final ClusterParts parts;
  private final Bus bus;
  private final Peers<A> peers;
  private final FleetWatch watch;
  private final PartWatch parting;
  private final LeaderWords<A> words;
  private final AloneWatch alone;
  private String hold = "";
  private long toldAt;
  private boolean tells = true;

  WatchDesk(ClusterParts parts, Peers<A> peers, long nowMillis) {
    this.parts = parts;
    this.bus = parts.bus();
    this.peers = peers;
    watch = new FleetWatch(parts.settings().name());
    parting = new PartWatch(parts.settings().name());
    words = new LeaderWords<>(bus, peers);
    alone = new AloneWatch(parts.settings(), nowMillis);
    toldAt = nowMillis;
  }

  /**
   * Looks at the members, a few times a second.
   *
   * @param judges whether this replica judges for others: it leads, or judges a side
   * @param leadsSince since when this replica leads, if it does
   */
  void look(boolean leads, boolean judges, long leadsSince, long nowMillis) {
    peers.compare(parts.configuration().get(), nowMillis);
    FleetWatch.Lead lead = leader(leads, nowMillis);
    FleetWatch.Look look =
        watch.look(
            lead,
            peers.drifted(FleetWatch.DRIFT_MILLIS, nowMillis),
            peers.missing(leadsSince, nowMillis),
            peers.later(nowMillis),
            peers.known() + 1,
            parts.replicaId(),
            System.currentTimeMillis());
    look.alert().ifPresent(this::tell);
    parting
        .look(
            new PartWatch.View(
                lead,
                judges,
                parts.replicaId(),
                peers.sides(nowMillis).keySet(),
                peers.unheard(nowMillis)),
            nowMillis,
            System.currentTimeMillis())
        .ifPresent(this::tell);
    boolean again = nowMillis - toldAt >= AGAIN_MILLIS;
    toldAt = again ? nowMillis : toldAt;
    words.look(lead, again, nowMillis);
    boolean speaks = lead != FleetWatch.Lead.OTHER;
    if (again && !speaks || speaks != tells) {
      tells = speaks;
      bus.publish(FleetAddresses.TELLS, new JsonObject().put("self", tells));
    }
    if (again && !look.hold().isEmpty() || !look.hold().equals(hold)) {
      hold = look.hold();
      bus.publish(FleetAddresses.HOLD, new JsonObject().put("sentence", hold));
    }
    alone.look(peers.count(), nowMillis);
  }

  private void tell(Alert alert) {
    bus.publish(CanaryAddresses.ALERT, new JsonObject(alert.fields()));
  }

  private FleetWatch.Lead leader(boolean leads, long nowMillis) {
    if (leads) {
      return FleetWatch.Lead.SELF;
    }
    return peers.leader(nowMillis).isPresent() ? FleetWatch.Lead.OTHER : FleetWatch.Lead.NOBODY;
  }
}
