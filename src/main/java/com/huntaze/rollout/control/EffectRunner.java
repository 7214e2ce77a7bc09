package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Effect;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Input;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.RolloutStore;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.canary.UndecidedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Tells the machine what happens and does what it says, in order, on the canary verticle's context.
 * What the store answers comes back as the machine's next input.
 */
final class EffectRunner implements Effect.Doer {
  private static final Logger log = LoggerFactory.getLogger(EffectRunner.class);

  /** The subject of alerts on who leads. */
  static final String LEAD = "lead";

  private final Vertx vertx;
  private final Bus bus;
  private final Context context;
  private final RolloutStore store;
  private final RolloutContext control;
  private final JudgingLoop judging;
  private final FleetDesk fleet;
  private final Clocks clocks;
  private final Replies replies = new Replies(this::state);

  EffectRunner(Vertx vertx, CanaryParts parts, RolloutContext control, JudgingLoop judging) {
    this.vertx = vertx;
    this.bus = parts.bus();
    this.context = vertx.getOrCreateContext();
    this.store = parts.store();
    this.clocks = parts.clocks();
    RolloutMeters.register(parts.registry(), control::rollout);
    RolloutMeters.registerMetrics(parts.registry(), judging::rows);
    this.control = control;
    this.judging = judging;
    this.fleet = new FleetDesk(bus, parts.replicaId(), control::rollout, control::next);
  }

  /** The rollout as people and APIs see it. */
  JsonObject state() {
    return CanaryJson.state(judging.state())
        .put("mode", control.mode().label())
        .put("stages", CanaryJson.stages(control.ladder()));
  }

  /** Gives a command to the machine; the reply comes when it is durable, or refused. */
  Future<JsonObject> order(Command command) {
    long ticket = replies.next();
    Future<JsonObject> reply = replies.of(ticket);
    tell(new Input.Ordered(command, ticket));
    return reply;
  }

  /** Of the replicas that are one rollout. */
  FleetDesk fleet() {
    return fleet;
  }

  void tell(Input input) {
    checkLead();
    step(input);
  }

  /** Another replica has rolled back: that holds here at once, and is kept where it has to be. */
  void heard(Transition rollback) {
    tell(new Input.MarkerSeen(rollback));
    store
        .heard(rollback)
        .exceptionally(
            failure -> {
              log.warn("A rollback of another replica is not kept: {}", Failures.sentence(failure));
              return null;
            });
  }

  private void step(Input input) {
    control.step(input).forEach(effect -> effect.doneBy(this));
    fleet.stepped();
  }

  /** Follows from now on if the lead has ended, as after a pause of the whole process. */
  void checkLead() {
    Rollout.Lead lead = control.rollout().lead();
    if (lead.leads() && !store.leadLasts(lead.term())) {
      follow();
    }
  }

  /** The lead was lost. */
  void follow() {
    raise(
        Alert.of(
            Alert.Kind.LEADERSHIP,
            LEAD,
            "the lead was lost: this replica follows now",
            clocks.now().wallMillis()));
    step(new Input.Follows());
  }

  /** Writes what is known, if this replica leads; never fails. */
  Future<Void> checkpoint() {
    if (!control.rollout().lead().leads()) {
      return Future.succeededFuture();
    }
    Saved saved = control.rollout().saved().with(control.recorded(), judging.checkpoint());
    return Future.fromCompletionStage(store.write(saved)).otherwiseEmpty();
  }

  /** Tells of what is in force by now. */
  void publish() {
    publish(new Effect.Publish(control.snapshot()));
  }

  @Override
  public void publish(Effect.Publish publish) {
    judging.follow(publish.snapshot());
    bus.publish(CanaryAddresses.SNAPSHOT, publish.snapshot());
    bus.publish(CanaryAddresses.STATE, state());
    fleet.published(publish.snapshot());
  }

  @Override
  public void persist(Effect.Persist persist) {
    store(
        store.write(persist.saved().with(control.recorded(), judging.checkpoint())),
        new Input.Written(persist.write()),
        failure ->
            new Input.NotWritten(
                persist.write(), Failures.sentence(failure), isUndecided(failure)));
  }

  @Override
  public void mark(Effect.Mark mark) {
    Epoch epoch = mark.rollback().after().epoch();
    store(
        store.mark(mark.rollback()),
        new Input.Marked(epoch),
        failure -> new Input.NotMarked(epoch, Failures.sentence(failure)));
  }

  @Override
  public void announce(Effect.Announce announce) {
    // Alarms go by this field, also where nobody wants alerts in the log.
    MDC.put("event.action", announce.transition().event());
    log.info("{}", announce.transition().sentence());
    MDC.remove("event.action");
    bus.publish(CanaryAddresses.TRANSITION, CanaryJson.transition(announce.transition()));
  }

  @Override
  public void alarm(Effect.Alarm alarm) {
    raise(alarm.alert());
  }

  @Override
  public void well(Effect.Well well) {
    bus.publish(CanaryAddresses.ALERT_WELL, CanaryJson.alert(well.end()));
  }

  @Override
  public void done(Effect.Done done) {
    replies.done(done.ticket());
  }

  @Override
  public void refused(Effect.Refused refused) {
    replies.refused(refused.ticket(), refused.conflict(), refused.sentence());
  }

  /** Tells people; the log has it from the alerts' verticle. */
  void raise(Alert alert) {
    bus.publish(CanaryAddresses.ALERT, CanaryJson.alert(alert));
  }

  private void store(
      CompletionStage<Void> work, Input whenDone, Function<Throwable, Input> whenFailed) {
    work.whenComplete(
        (done, failure) ->
            context.runOnContext(
                turn -> tell(failure == null ? whenDone : whenFailed.apply(failure))));
  }

  private static boolean isUndecided(Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    return cause instanceof UndecidedException;
  }
}
