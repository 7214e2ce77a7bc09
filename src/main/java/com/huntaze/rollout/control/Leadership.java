package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Input;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.Transition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's and the followers' view of written states: at the start, and then every second.
 * Tells the machine who leads, and of rollbacks and changes that others have made.
 */
final class Leadership {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);
  private static final String STATE = "rollout state";
  private static final long LOOK_MILLIS = 1_000;

  private final Vertx vertx;
  private final CanaryParts parts;
  private final RolloutContext control;
  private final EffectRunner runner;
  private final JudgingLoop judging;
  private long timer;

  /** Of the lead that was taken last. */
  private long term;

  private boolean looking;

  /** True if there is more to see than the look that is under way may find. */
  private boolean again;

  private boolean opened;
  private boolean damageTold;

  Leadership(
      Vertx vertx,
      CanaryParts parts,
      RolloutContext control,
      EffectRunner runner,
      JudgingLoop judging) {
    this.vertx = vertx;
    this.parts = parts;
    this.control = control;
    this.runner = runner;
    this.judging = judging;
  }

  /**
   * Opens the store and begins with what is there. A place that cannot be used stops no traffic:
   * everything goes to legacy until it can be.
   */
  Future<Void> begin() {
    timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    Context context = vertx.getOrCreateContext();
    parts.store().onLeadChange(() -> context.runOnContext(turn -> look()));
    looking = true;
    return Future.fromCompletionStage(parts.store().open(), vertx.getOrCreateContext())
        .compose(
            found -> {
              opened = true;
              return begin(found, false);
            })
        .recover(this::unopened)
        .onComplete(begun -> looked());
  }

  private Future<Void> unopened(Throwable failure) {
    if (opened) {
      return Future.failedFuture(failure);
    }
    control.begin(Rollout.unopened());
    raise(
        Alert.Kind.STATE_NOT_DURABLE,
        ("Rollout state cannot be opened (%s): everything goes to legacy until it can, which is"
                + " tried every second.")
            .formatted(Failures.sentence(failure)));
    return Future.succeededFuture();
  }

  /**
   * The place can be used now. A rollback that people have asked for in the meantime is made again
   * on what is found there, before anything else is.
   */
  private void opened(Recovered found) {
    opened = true;
    boolean rolledBack = control.snapshot().rolledBack();
    raise(Alert.Kind.STATE_DURABLE, "The rollout's state directory can be used again.");
    begin(found, rolledBack).onComplete(begun -> runner.publish());
  }

  /** Looks at nothing any more. */
  void end() {
    vertx.cancelTimer(timer);
  }

  private Future<Void> begin(Recovered found, boolean rollBack) {
    control.begin(found.saved().map(Rollout::following).orElseGet(Rollout::unknown));
    if (rollBack) {
      runner.order(
          new Command.Rollback(
              Command.CONFIG, "ordered while the state directory could not be used"));
    }
    found.markers().forEach(marker -> runner.tell(new Input.MarkerSeen(marker)));
    judging.follow(control.snapshot());
    if (found.leads()) {
      return lead(found);
    }
    found.saved().ifPresent(judging::learned);
    log.info("Another replica leads: this one follows, and may only roll back");
    found.damage().ifPresent(this::tellOfDamage);
    return Future.succeededFuture();
  }

  private void tellOfDamage(String sentence) {
    damageTold = true;
    raise(
        Alert.Kind.STATE_DAMAGED,
        ("Rollout state cannot be read (%s): everything goes to legacy until someone starts a new"
                + " rollout.")
            .formatted(sentence));
  }

  private void raise(Alert.Kind kind, String sentence) {
    String subject = kind == Alert.Kind.LEADERSHIP ? EffectRunner.LEAD : STATE;
    runner.raise(Alert.of(kind, subject, sentence, parts.clocks().now().wallMillis()));
  }

  private Future<Void> lead(Recovered found) {
    term = found.term();
    if (found.damage().isPresent()) {
      damaged(found);
    }
    control.found(found.saved());
    runner.tell(new Input.Leads(found.term(), found.saved()));
    judging.follow(control.snapshot());
    found.saved().ifPresent(judging::restore);
    if (found.damage().isPresent()) {
      // What people begin next is begun under the present configuration.
      control.follow();
      return Future.succeededFuture();
    }
    return configure(found);
  }

  /**
   * Begins a new epoch that is rolled back from its beginning, because the state in force is not
   * known.
   */
  private void damaged(Recovered found) {
    String sentence = found.damage().get();
    tellOfDamage(sentence);
    long newest = Math.max(found.newestEpoch(), control.snapshot().epoch().number());
    control.begin(
        Rollout.damaged(
            new Epoch(newest + 1, parts.replicaId()),
            "the state cannot be read: " + sentence,
            parts.clocks().now()));
    runner.publish();
  }

  /** Carries out what the configuration asks for; a refusal is for the log, the start goes on. */
  private Future<Void> configure(Recovered found) {
    Optional<Command> command = control.configured(found.saved(), parts.store().mayBeginByItself());
    if (command.isEmpty()) {
      control.leftAside().ifPresent(log::info);
    }
    OptionalInt before = control.follow();
    if (command.isEmpty()) {
      return Future.succeededFuture();
    }
    return runner
        .order(command.get())
        .<Void>mapEmpty()
        .recover(
            refused -> {
              control.record(before);
              log.warn("What the configuration asks for is not done: {}", refused.getMessage());
              return Future.succeededFuture();
            });
  }

  /** Looks at once, and once more if it does already. */
  void look() {
    // Also while the directory does not answer.
    runner.checkLead();
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    Future.fromCompletionStage(parts.store().look(), vertx.getOrCreateContext())
        .onComplete(
            found -> {
              seen(found);
              looked();
            },
            failure -> {
              log.warn("The state directory cannot be read: {}", Failures.sentence(failure));
              looked();
            });
  }

  /** Looks at once at whatever was told of meanwhile. */
  private void looked() {
    looking = false;
    if (again) {
      again = false;
      look();
    }
  }

  private void seen(Recovered found) {
    if (!opened) {
      opened(found);
      return;
    }
    for (Transition marker : found.markers()) {
      runner.tell(new Input.MarkerSeen(marker));
    }
    boolean leads = control.rollout().lead().leads();
    if (found.leads() && leads && found.term() != term) {
      // The lock was lost and taken again: another replica may have led in between.
      lead(found);
    } else if (found.leads() && !leads) {
      raise(Alert.Kind.LEADERSHIP, "the lead is free: this replica leads now");
      lead(found);
    } else if (!found.leads() && leads) {
      runner.follow();
    } else if (!leads) {
      follow(found);
    }
  }

  /** The last share that could be read stays in force: the living leader writes again soon. */
  private void follow(Recovered found) {
    found
        .saved()
        .ifPresent(
            saved -> {
              runner.tell(new Input.Learned(saved));
              judging.learned(saved);
            });
    if (found.damage().isPresent() && !damageTold) {
      damageTold = true;
      // An occasion of its own: who takes over with it has more to say, and at once.
      runner.raise(
          new Alert(
              Alert.Kind.STATE_DAMAGED,
              STATE,
              "another replica leads",
              ("The leader's rollout state cannot be read (%s): what was read last stays in"
                      + " force.")
                  .formatted(found.damage().get()),
              parts.clocks().now().wallMillis()));
    } else if (found.damage().isEmpty()) {
      damageTold = false;
    }
  }
}
