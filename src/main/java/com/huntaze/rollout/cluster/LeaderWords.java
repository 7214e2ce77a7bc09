package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.json.JsonObject;

/**
 * The leader's own words on what comes next: at a follower people read them, too, for it judges
 * nothing but its own traffic; and whether one is heard at all. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class LeaderWords<A> {
  private final Bus bus;
  private final Peers<A> peers;
  private JsonObject told = said("", true);

  LeaderWords(Bus bus, Peers<A> peers) {
    this.bus = bus;
    this.peers = peers;
  }

  /**
   * Tells the rollout of this process whenever they are others.
   *
   * @param again whether it is told all the same: it may have begun to listen only now
   */
  void look(FleetWatch.Lead lead, boolean again, long nowMillis) {
    String words = lead == FleetWatch.Lead.OTHER ? peers.leaderSays(nowMillis) : "";
    JsonObject now = said(words, lead != FleetWatch.Lead.NOBODY);
    if (again || !now.equals(told)) {
      told = now;
      bus.publish(FleetAddresses.LEADER_SAYS, told);
    }
  }

  private static JsonObject said(String words, boolean heard) {
    return new JsonObject().put("sentence", words).put("heard", heard);
  }
}
