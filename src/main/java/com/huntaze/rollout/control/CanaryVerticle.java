package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Input;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The judging path's verticle: owns the rollout's state, takes commands and outcomes over the event
 * bus, judges at every tick, and publishes every change. One a process; the request path never
 * waits for it.
 */
public final class CanaryVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(CanaryVerticle.class);
  private static final int BAD_REQUEST = 400;

  private CanaryParts parts;
  private CanaryControl control;
  private Decisions decisions;
  private EffectRunner runner;
  private JudgingLoop judging;
  private Leadership leadership;

  public CanaryVerticle(CanaryParts parts) {
    this.parts = parts;
  }

  @Override
  public Future<?> start() {
    control = parts.control();
    decisions = parts.decisions();
    judging = new JudgingLoop(vertx, parts, control);
    runner = new EffectRunner(vertx, parts, control, judging);
    judging.findings(assessment -> runner.tell(new Input.Judged(assessment)));
    leadership = new Leadership(vertx, parts, control, runner, judging);
    return leadership
        .begin()
        .onSuccess(
            begun -> {
              listen();
              judging.start();
              log.info("{}", control.startSentence());
            });
  }

  /**
   * Goes by another ladder, salt and mode, from any thread. What that means for the rollout is a
   * command like any other, in the audit by {@code config}.
   *
   * @return when it is in force and durable; a failure with one sentence when the command is
   *     refused, and then nothing has changed
   */
  public Future<Void> configure(CanaryParts newer) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(turn -> change(newer).onComplete(done));
    return done.future();
  }

  private Future<Void> change(CanaryParts newer) {
    CanaryParts before = parts;
    take(newer);
    return control
        .changed(before.mode(), before.canary(), parts.store().mayBeginByItself())
        .map(command -> runner.order(command).<Void>mapEmpty())
        .orElse(Future.succeededFuture())
        .onSuccess(done -> control.followSince(before.mode()))
        .onFailure(refused -> take(before))
        .eventually(
            () -> {
              runner.publish();
              return Future.succeededFuture();
            });
  }

  private void take(CanaryParts newer) {
    parts = newer;
    control.configure(newer.mode(), newer.canary(), newer.machine());
    decisions = newer.decisions();
  }

  /** Judges by other limits, from any thread; evidence that was found by the same ones stays. */
  public Future<Void> judgeBy(CanaryParts newer) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          judging.configure(newer);
          done.complete();
        });
    return done.future();
  }

  private void listen() {
    EventBus bus = vertx.eventBus();
    bus.localConsumer(CanaryAddresses.SNAPSHOT_GET, message -> message.reply(control.snapshot()));
    bus.consumer(CanaryAddresses.GET, message -> message.reply(runner.state()));
    bus.consumer(CanaryAddresses.DECIDE, this::decide);
    bus.consumer(CanaryAddresses.COMMAND, this::command);
    bus.consumer(
        CanaryAddresses.TRANSITIONS,
        message -> message.reply(CanaryJson.transitions(control.rollout().history())));
    bus.consumer(CanaryAddresses.HEALTH_GET, message -> message.reply(judging.json()));
  }

  private void decide(Message<Object> message) {
    try {
      decisions.follow(control.snapshot());
      message.reply(decisions.decide(message.body(), control.snapshot()));
    } catch (IllegalArgumentException malformed) {
      message.fail(BAD_REQUEST, malformed.getMessage());
    }
  }

  private void command(Message<Object> message) {
    Command command;
    try {
      command = CommandReader.read(message.body());
    } catch (IllegalArgumentException malformed) {
      message.fail(BAD_REQUEST, malformed.getMessage());
      return;
    }
    runner
        .order(command)
        .onComplete(
            state -> message.reply(state),
            refused -> {
              log.info("Refused {}", refused.getMessage());
              ReplyException reply = (ReplyException) refused;
              message.fail(reply.failureCode(), reply.getMessage());
            });
  }

  @Override
  public Future<?> stop() {
    // Nothing is to be written once the store is closed: that it could not be would be an alert.
    judging.end();
    leadership.end();
    // What was found out since the last checkpoint must not be lost to an orderly end.
    return runner.checkpoint().eventually(() -> Future.fromCompletionStage(parts.store().close()));
  }
}
