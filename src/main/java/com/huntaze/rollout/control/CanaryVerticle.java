package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.Input;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The judging path's verticle: owns the rollout's state, takes commands and outcomes over the event
 * bus, judges at every tick, and publishes every change. One a process; the request path never
 * waits for it.
 */
public final class CanaryVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(CanaryVerticle.class);

  private CanaryParts parts;
  private RolloutContext control;
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
    parts.bus().serve(CanaryAddresses.DECIDE, this::decide);
    parts.bus().serve(CanaryAddresses.COMMAND, this::command);
    runner.fleet().listen(runner, leadership::look);
    tell(CanaryAddresses.SNAPSHOT_GET, () -> control.snapshot());
    tell(CanaryAddresses.GET, () -> runner.state());
    tell(CanaryAddresses.TRANSITIONS, () -> CanaryJson.transitions(control.rollout().history()));
    tell(CanaryAddresses.HEALTH_GET, () -> judging.json());
  }

  private void tell(String address, Supplier<Object> answer) {
    parts
        .bus()
        .serve(
            address,
            body -> {
              Bodies.none(body);
              return Future.succeededFuture(answer.get());
            });
  }

  private Future<JsonObject> decide(Object body) {
    decisions.follow(control.snapshot());
    return Future.succeededFuture(decisions.decide(body, control.snapshot()));
  }

  private Future<JsonObject> command(Object body) {
    return runner
        .fleet()
        .order(body, runner)
        .onFailure(refused -> log.info("Refused {}", refused.getMessage()));
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
