package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.Transition;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rollout's place among its replicas: tells them what must hold everywhere at once, hears it of
 * them, and has the leader carry out what a follower is told to do. Without a cluster nobody hears
 * and nobody tells, and a follower refuses by itself.
 */
final class FleetDesk {
  private static final Logger log = LoggerFactory.getLogger(FleetDesk.class);

  /** Longer than the deadline of a forwarded order, which has a sentence of its own. */
  private static final long FORWARD_MILLIS = 10_000;

  private static final String ROLLBACK = "rollback";

  private final Bus bus;
  private final String replicaId;
  private final Supplier<Rollout> rollout;
  private final Supplier<String> next;
  private Rollout.Lead told;

  /**
   * @param next the words on what comes next, which followers tell, too
   */
  FleetDesk(Bus bus, String replicaId, Supplier<Rollout> rollout, Supplier<String> next) {
    this.next = next;
    this.bus = bus;
    this.replicaId = replicaId;
    this.rollout = rollout;
  }

  /**
   * Listens to the others.
   *
   * @param look reads the shared state now, not in a second
   */
  void listen(EffectRunner runner, Runnable look) {
    bus.serve(FleetAddresses.ORDER, body -> runner.order(CommandReader.read(body)));
    bus.serve(
        FleetAddresses.LEAD_GET,
        body -> {
          Bodies.none(body);
          return Future.succeededFuture(lead());
        });
    bus.hear(FleetAddresses.HEARD, JsonObject.class, news -> heard(news, runner, look));
  }

  /** Carries out a command here, or at the leader: a rollback always here, for it cannot wait. */
  Future<JsonObject> order(Object body, EffectRunner runner) {
    Command command = CommandReader.read(body);
    if (rollout.get().lead().leads() || command instanceof Command.Rollback) {
      return runner.order(command);
    }
    return bus.<JsonObject>ask(FleetAddresses.FORWARD, body, FORWARD_MILLIS)
        .recover(
            failure -> isAlone(failure) ? runner.order(command) : Future.failedFuture(failure));
  }

  private static boolean isAlone(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }

  /** A snapshot is in force: a rollback of ours is told itself, for its marker may take long. */
  void published(CanarySnapshot snapshot) {
    if (snapshot.rolledBack() && snapshot.rollback().replicaId().equals(replicaId)) {
      rollbackOf(snapshot)
          .forEach(
              transition ->
                  bus.publish(
                      FleetAddresses.NEWS,
                      new JsonObject(Map.of(ROLLBACK, Trees.exact(transition)))));
    } else if (rollout.get().lead().leads()) {
      // Anything else is durable before it is in force: the others can read it.
      bus.publish(FleetAddresses.NEWS, new JsonObject().put("look", true));
    }
  }

  private List<Transition> rollbackOf(CanarySnapshot snapshot) {
    List<Transition> found =
        rollout.get().history().stream()
            .filter(each -> each.action() == Transition.Action.ROLLBACK)
            .filter(each -> each.after().epoch().equals(snapshot.epoch()))
            .toList();
    return found.isEmpty() ? found : found.subList(found.size() - 1, found.size());
  }

  /** The machine has made a step: the others may have to be told who leads. */
  void stepped() {
    Rollout.Lead now = rollout.get().lead();
    if (!now.equals(told)) {
      told = now;
      bus.publish(FleetAddresses.LEAD, lead());
    }
  }

  private JsonObject lead() {
    Rollout.Lead now = rollout.get().lead();
    CanarySnapshot snapshot = rollout.get().snapshot();
    JsonObject lead = new JsonObject();
    if (now.leads()) {
      lead.put("next", next.get());
    }
    return lead.put("replica", replicaId)
        .put("leads", now.leads())
        .put("term", Math.max(now.term(), snapshot.position().term()))
        .put("percentage", snapshot.percentage())
        .put("epoch", snapshot.epoch().toString());
  }

  private void heard(JsonObject news, EffectRunner runner, Runnable look) {
    if (!news.containsKey(ROLLBACK)) {
      look.run();
      return;
    }
    try {
      // The bus makes objects of its own of what is nested: read again, they are maps.
      Transition rollback =
          Trees.readKnown(
              new JsonObject(news.getJsonObject(ROLLBACK).toBuffer()).getMap(), Transition.class);
      runner.heard(rollback);
    } catch (IllegalArgumentException | ClassCastException strange) {
      log.warn(
          "A rollback of another replica cannot be read, its marker is waited for: {}",
          CommandReader.clean(strange.getMessage()));
    }
  }
}
