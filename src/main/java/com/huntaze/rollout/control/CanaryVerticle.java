package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Step;
import com.huntaze.rollout.canary.Transition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The judging path's verticle: owns the rollout's state, takes commands over the event bus, and
 * publishes every change. One a process; the request path never waits for it.
 */
public final class CanaryVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(CanaryVerticle.class);
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
  private static final int BAD_REQUEST = 400;
  private static final int CONFLICT = 409;

  private final CanaryControl control;

  public CanaryVerticle(CanaryControl control) {
    this.control = control;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    bus.localConsumer(CanaryAddresses.SNAPSHOT_GET, message -> message.reply(control.snapshot()));
    bus.consumer(CanaryAddresses.GET, message -> message.reply(stateJson()));
    bus.consumer(CanaryAddresses.DECIDE, this::decide);
    bus.consumer(CanaryAddresses.COMMAND, this::command);
    control.atStart().ifPresent(this::carryOut);
    log.info("{}", control.startSentence());
    return Future.succeededFuture();
  }

  private void decide(Message<Object> message) {
    try {
      message.reply(control.decide(message.body()));
    } catch (IllegalArgumentException malformed) {
      message.fail(BAD_REQUEST, malformed.getMessage());
    }
  }

  private void command(Message<Object> message) {
    Step step;
    try {
      step = carryOut(CommandReader.read(message.body()));
    } catch (IllegalArgumentException malformed) {
      message.fail(BAD_REQUEST, malformed.getMessage());
      return;
    }
    if (step instanceof Step.Refused refused) {
      log.info("Refused {}", refused.sentence());
      message.fail(CONFLICT, refused.sentence());
    } else {
      message.reply(stateJson());
    }
  }

  private Step carryOut(Command command) {
    Step step = control.step(command);
    if (step instanceof Step.Changed changed) {
      publish(changed.transition());
    }
    return step;
  }

  private void publish(Transition transition) {
    CanarySnapshot snapshot = transition.after();
    vertx.eventBus().publish(CanaryAddresses.SNAPSHOT, snapshot, LOCAL);
    vertx.eventBus().publish(CanaryAddresses.STATE, stateJson());
    log.info("{}", transition.sentence());
  }

  private Object stateJson() {
    return CanaryJson.state(control.state());
  }
}
