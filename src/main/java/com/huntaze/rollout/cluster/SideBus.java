package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.judge.fleet.SideEvidence;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** The judge of this process, as the event bus leads to it. */
record SideBus(Bus bus) implements SideDesk.Judge {
  private static final long ASK_MILLIS = 2_000;

  @Override
  public void place(boolean judges, double share) {
    bus.publish(FleetAddresses.SIDE, new JsonObject().put("judges", judges).put("share", share));
  }

  @Override
  public Future<SideEvidence> found() {
    return bus.ask(FleetAddresses.SIDE_FOUND, null, ASK_MILLIS);
  }

  @Override
  public Future<?> meet(SideEvidence evidence) {
    return bus.ask(FleetAddresses.MEET, evidence, ASK_MILLIS);
  }
}
