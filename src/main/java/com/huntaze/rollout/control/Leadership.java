package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Input;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.Transition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this replica reads of what it and others have written: at the start, and then every second.
 * Tells the machine who leads, and of rollbacks and changes that others have made.
 */
final class Leadership {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);
  private static final long LOOK_MILLIS = 1_000;

  private final Vertx vertx;
  private final CanaryParts parts;
  private final CanaryControl control;
  private final EffectRunner runner;
  private final JudgingLoop judging;
  private boolean looking;

  Leadership(
      Vertx vertx,
      CanaryParts parts,
      CanaryControl control,
      EffectRunner runner,
      JudgingLoop judging) {
    this.vertx = vertx;
    this.parts = parts;
    this.control = control;
    this.runner = runner;
    this.judging = judging;
  }

  /** Opens the store and begins with what is there. */
  Future<Void> begin() {
    return Future.fromCompletionStage(parts.store().open(), vertx.getOrCreateContext())
        .map(
            found -> {
              begin(found);
              vertx.setPeriodic(LOOK_MILLIS, tick -> look());
              return null;
            });
  }

  private void begin(Recovered found) {
    control.begin(first(found));
    judging.follow(control.snapshot());
    found.damage().ifPresent(sentence -> tellOfDamage(sentence));
    found.markers().forEach(marker -> runner.tell(new Input.MarkerSeen(marker)));
    if (found.leads()) {
      lead(found);
    } else {
      log.info("Another replica leads: this one follows, and may only roll back");
    }
  }

  private Rollout first(Recovered found) {
    if (found.damage().isPresent()) {
      Epoch epoch = new Epoch(found.newestEpoch() + 1, parts.replicaId());
      return Rollout.damaged(
          epoch, "the state cannot be read: " + found.damage().get(), parts.clocks().now());
    }
    return found.saved().map(Rollout::following).orElseGet(Rollout::unknown);
  }

  private void tellOfDamage(String sentence) {
    runner.raise(
        new Alert(
            Alert.Kind.STATE_DAMAGED,
            "the state cannot be read: %s; everything goes to legacy until a person starts anew"
                .formatted(sentence),
            parts.clocks().now().wallMillis()));
  }

  private void lead(Recovered found) {
    runner.tell(new Input.Leads(found.term(), found.saved()));
    found.saved().ifPresent(saved -> judging.restore(saved));
    if (found.damage().isEmpty()) {
      control.configured(found.saved()).ifPresent(runner::order);
    }
  }

  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    Future.fromCompletionStage(parts.store().look(), vertx.getOrCreateContext())
        .onComplete(
            found -> {
              looking = false;
              seen(found);
            },
            failure -> {
              looking = false;
              log.warn("The state directory cannot be read: {}", Failures.sentence(failure));
            });
  }

  private void seen(Recovered found) {
    for (Transition marker : found.markers()) {
      runner.tell(new Input.MarkerSeen(marker));
    }
    boolean leads = control.rollout().lead().leads();
    if (found.leads() && !leads) {
      log.info("The lead is free: this replica leads now");
      lead(found);
    } else if (!found.leads() && leads) {
      log.warn("The lead was lost: this replica follows now");
      runner.tell(new Input.Follows());
    } else if (!leads) {
      found.saved().ifPresent(saved -> runner.tell(new Input.Learned(saved.snapshot())));
    }
  }
}
