package com.huntaze.rollout.canary;

import com.huntaze.rollout.canary.Rollout.Pending;
import com.huntaze.rollout.canary.Rollout.Unmarked;
import java.util.Map;

/**
 * The rollout's state machine: pure, total, and the only place that decides what is in force. Every
 * input in every state gives the next state and what is to be done.
 *
 * <ul>
 *   <li>A change that people or a promotion make is in force once it is durable. Until then it is
 *       pending, and a rollback clears it.
 *   <li>A rollback is in force at once, and is then made durable as a marker of its own. Within its
 *       epoch nothing undoes it.
 *   <li>Only a healthy, unpaused, durable leader promotes, and only its own share.
 * </ul>
 *
 * <p>Time comes in as an argument: durations are measured on the monotonic clock, the wall clock is
 * only recorded.
 */
public final class CanaryMachine {
  /** The least time between two checkpoints, where the evidence moves fast. */
  private static final long MOVED_MILLIS = 2_000;

  /** A store that several share may have taken it all the same, as may voters a moment later. */
  private static final String LEAD_LOST =
      "the lead was lost while it was written: it may come into force yet (expected: a look at the"
          + " state, then another try)";

  private static final String ANOTHERS_TO_WRITE =
      "Another replica leads, and writes the rollout's state: this one's disk, which failed, holds"
          + " nothing up any more.";
  private static final String DURABLE = "Rollout state is writable again.";

  private final Ladder ladder;
  private final MachineSettings settings;
  private final Transitions transitions;

  /**
   * @param ladder the configured stages
   * @param replicaId who this replica is, for the epochs and rollbacks that it begins
   */
  public CanaryMachine(Ladder ladder, MachineSettings settings, String replicaId) {
    this.ladder = ladder;
    this.settings = settings;
    this.transitions = new Transitions(ladder, replicaId);
  }

  /** The state after an input, and what is to be done, in order. */
  public Step step(Rollout state, Input input, Time now) {
    return Endings.told(state, input, next(state, input, now), settings, now);
  }

  private Step next(Rollout state, Input input, Time now) {
    if (input instanceof Input.Ordered ordered) {
      return ordered(state, ordered, now);
    } else if (input instanceof Input.Judged judged) {
      return judged(state, judged.assessment(), now);
    } else if (input instanceof Input.Written written) {
      return written(state, written.write(), now);
    } else if (input instanceof Input.NotWritten failed) {
      return notWritten(state, failed, now);
    } else if (input instanceof Input.Marked marked) {
      return RollbackMarker.ended(state, marked.epoch(), now);
    } else if (input instanceof Input.NotMarked failed) {
      return RollbackMarker.failed(state, failed, now);
    } else if (input instanceof Input.Learned learned) {
      return learned(state, learned);
    } else if (input instanceof Input.MarkerSeen seen) {
      return markerSeen(state, seen.rollback(), now);
    } else if (input instanceof Input.Leads leads) {
      return leads(state, leads, now);
    } else if (input instanceof Input.Follows) {
      return follows(state, now);
    }
    throw new AssertionError(input);
  }

  private Step ordered(Rollout state, Input.Ordered ordered, Time now) {
    if (ordered.command() instanceof Command.Rollback) {
      return rollback(state, ordered.command(), Map.of(), ordered.ticket(), now);
    }
    CommandResult move = transitions.of(state.snapshot(), ordered.command(), now.wallMillis());
    if (move instanceof CommandResult.Unchanged) {
      return new Step(state, new Effect.Done(ordered.ticket()));
    } else if (move instanceof CommandResult.Refused refused) {
      return refused(state, ordered.ticket(), refused.sentence());
    } else if (move instanceof CommandResult.Changed changed) {
      return changed(state, changed.transition(), ordered, now);
    }
    throw new AssertionError(move);
  }

  private static Step changed(
      Rollout state, Transition transition, Input.Ordered ordered, Time now) {
    String against = CommandGuards.to(state, transition);
    return against == null
        ? begin(state, transition, ordered.ticket(), now)
        : refused(state, ordered.ticket(), against);
  }

  private static Step refused(Rollout state, long ticket, String sentence) {
    return new Step(state, new Effect.Refused(ticket, true, sentence));
  }

  /** A change begins with its write. */
  private static Step begin(Rollout state, Transition change, long ticket, Time now) {
    Transition transition = change.ofTerm(state.lead().term());
    Rollout writing = state.writes(now.monotonicMillis());
    Saved saved = writing.in(transition.after()).remembering(transition).saved();
    long write = writing.writing().count();
    return new Step(
        writing.pending(new Pending(transition, write, ticket)), new Effect.Persist(write, saved));
  }

  /**
   * A rollback is in force at once. If a new epoch is being written it is that epoch's: its write
   * may become visible, and must then be rolled back already.
   */
  private Step rollback(
      Rollout before, Command command, Map<String, Object> evidence, long ticket, Time now) {
    Rollout state = begunEpoch(before);
    CommandResult move = transitions.of(state.snapshot(), command, now.wallMillis());
    if (!(move instanceof CommandResult.Changed changed)) {
      return RollbackMarker.again(before, ticket, now);
    }
    Transition rollback = changed.transition().with(evidence);
    Rollout after =
        state
            .in(state.snapshot().merge(rollback.after()))
            .remembering(rollback)
            .unmarked(Unmarked.begun(state.unmarked(), rollback, ticket, now.monotonicMillis()));
    Step step =
        new Step(after)
            .and(new Effect.Publish(after.snapshot()))
            .and(new Effect.Mark(rollback))
            .and(new Effect.Announce(rollback))
            .and(alarm(Alert.Kind.ROLLBACK, rollback, now));
    step = withoutPending(step, true, "overtaken by a rollback");
    return after.leads() ? checkpoint(step, now) : step;
  }

  private static Rollout begunEpoch(Rollout state) {
    Pending pending = state.pending();
    boolean another =
        pending != null && !pending.transition().after().epoch().equals(state.snapshot().epoch());
    return another ? state.in(state.snapshot().merge(pending.transition().after())) : state;
  }

  private static Effect alarm(Alert.Kind kind, Transition transition, Time now) {
    return new Effect.Alarm(Alert.of(kind, transition, now.wallMillis()));
  }

  static Effect durableAgain(Time now) {
    return alarm(Alert.Kind.STATE_DURABLE, DURABLE, now);
  }

  static Effect alarm(Alert.Kind kind, String sentence, Time now) {
    return new Effect.Alarm(Alert.of(kind, "rollout state", sentence, now.wallMillis()));
  }

  private static Step checkpoint(Step step, Time now) {
    Rollout writing = step.after().writes(now.monotonicMillis());
    Effect write = new Effect.Persist(writing.writing().count(), writing.saved());
    return step.then(writing).and(write);
  }

  private Step judged(Rollout before, Assessment assessment, Time now) {
    if (!settings.judges()) {
      // A fresh directory stays one, but what could not be written is tried again.
      Step idle = new Step(before.with(before.health().silent()));
      return before.durable()
          ? RollbackMarker.retried(idle, settings, now)
          : upkeep(idle, false, now);
    }
    Step step = BakeTimer.judged(before, assessment, settings, ladder, now);
    Rollout state = step.after();
    boolean exposed = state.snapshot().percentage() > 0;
    if (assessment.kind() == Assessment.Kind.ROLLBACK && exposed && settings.decides()) {
      Command command = new Command.Rollback(Command.AUTO, assessment.sentence());
      return step.followedBy(rollback(state, command, assessment.evidence(), Input.NO_REPLY, now));
    }
    Pending pending = state.pending();
    if (!assessment.raisable() && pending != null && raisesThisEpoch(state, pending)) {
      return step.followedBy(unhealthyMeanwhile(state, assessment, now));
    }
    if (settings.decides() && PromotionRule.due(state, ladder)) {
      return step.followedBy(promote(state, assessment, now));
    }
    return upkeep(step, assessment.moved(), now);
  }

  private static boolean raisesThisEpoch(Rollout state, Pending pending) {
    Transition transition = pending.transition();
    return transition.raises() && transition.after().epoch().equals(state.snapshot().epoch());
  }

  /** Holds a share whose health ended while its raise was being written: it must not be raised. */
  private static Step unhealthyMeanwhile(Rollout state, Assessment assessment, Time now) {
    Pending pending = state.pending();
    Rollout after = state.abandoning(pending);
    String sentence =
        "%s: unhealthy meanwhile, %s".formatted(pending.transition().name(), assessment.against());
    Step step =
        new Step(after, new Effect.Publish(after.snapshot()))
            .and(new Effect.Refused(pending.ticket(), true, sentence));
    return checkpoint(step, now);
  }

  private Step promote(Rollout state, Assessment assessment, Time now) {
    Command command = new Command.Advance(Command.AUTO, assessment.sentence());
    CommandResult move = transitions.of(state.snapshot(), command, now.wallMillis());
    return move instanceof CommandResult.Changed changed
        ? begin(state, changed.transition().with(assessment.evidence()), Input.NO_REPLY, now)
        : new Step(state);
  }

  /** Adds the work of each while: a checkpoint, and another try at a marker. */
  private Step upkeep(Step step, boolean moved, Time now) {
    Step marked = RollbackMarker.retried(step, settings, now);
    return marked.after().leads() ? checkpointed(marked, moved, now) : marked;
  }

  private Step checkpointed(Step step, boolean moved, Time now) {
    Rollout state = step.after();
    long askedAt = state.writing().askedAt();
    long since = askedAt == StageHealth.NEVER ? Long.MAX_VALUE : now.monotonicMillis() - askedAt;
    if (state.writing().underWay()) {
      // A disk that hangs must not collect writes, and must not pass for one that works.
      return state.durable() && since >= 2 * settings.retryMillis()
          ? notDurable(step, "a write has not ended for %d ms".formatted(since), now)
          : step;
    }
    long usual = moved ? MOVED_MILLIS : settings.checkpointMillis();
    long every =
        state.durable() ? Math.min(usual, settings.checkpointMillis()) : settings.retryMillis();
    return since >= every ? checkpoint(step, now) : step;
  }

  private static Step written(Rollout before, long write, Time now) {
    Step step = new Step(before.wrote(write, true));
    if (!before.durable()) {
      step = step.and(durableAgain(now));
    } else if (before.writing().ended() == 0) {
      step = step.and(new Effect.Well(((Effect.Alarm) durableAgain(now)).alert()));
    }
    Pending pending = before.pending();
    if (pending == null || pending.write() != write) {
      return step;
    }
    Transition transition = pending.transition();
    Rollout after =
        step.after()
            .pending(null)
            .in(before.snapshot().merge(transition.after()))
            .remembering(transition);
    // A new epoch is durable: nobody needs the old one's marker any more.
    step =
        RollbackMarker.ofAnotherEpochEnded(step.then(after))
            .and(new Effect.Publish(after.snapshot()))
            .and(new Effect.Announce(transition))
            .and(new Effect.Done(pending.ticket()));
    if (transition.endsRollback()) {
      return step.and(alarm(Alert.Kind.ROLLBACK_OVER, transition, now));
    }
    return transition.promotion() ? step.and(alarm(Alert.Kind.PROMOTION, transition, now)) : step;
  }

  private static Step notWritten(Rollout before, Input.NotWritten failed, Time now) {
    // A write of a lead that has ended is another leader's to make: the disk is as it was.
    Step step =
        before.leads()
            ? notDurable(new Step(before.wrote(failed.write(), false)), failed.reason(), now)
            : new Step(before.wrote(failed.write(), before.durable()));
    step = before.durable() ? step : new Step(step.after());
    Pending pending = before.pending();
    if (pending == null || pending.write() != failed.write()) {
      return step;
    }
    String why =
        failed.undecided()
            ? "%s: it may come into force yet, for %s (expected: a look at the state, then another try)"
            : "%s: not written, so not done: %s";
    String sentence = why.formatted(pending.transition().name(), failed.reason());
    Rollout after = step.after().abandoning(pending);
    return step.then(after)
        .and(new Effect.Publish(after.snapshot()))
        .and(new Effect.Refused(pending.ticket(), false, sentence));
  }

  private static Step notDurable(Step step, String why, Time now) {
    String sentence =
        ("Rollout state cannot be written (%s): it is kept in memory, nothing is promoted, rollbacks"
                + " still work.")
            .formatted(why);
    return step.then(step.after().durable(false))
        .and(alarm(Alert.Kind.STATE_NOT_DURABLE, sentence, now));
  }

  /** Merging keeps a rollback and never goes back: whatever was seen, in whatever order. */
  private static Step learned(Rollout before, Input.Learned learned) {
    CanarySnapshot merged = before.snapshot().merge(learned.saved().snapshot());
    if (merged.equals(before.snapshot())) {
      return new Step(before);
    }
    Rollout known = before.in(merged);
    Step step =
        new Step(
                merged.equals(learned.saved().snapshot())
                    ? known.history(learned.saved().history())
                    : known)
            .and(new Effect.Publish(merged));
    boolean overtaken = merged.rolledBack() || !merged.epoch().equals(before.snapshot().epoch());
    return overtaken ? withoutPending(step, true, "overtaken by another replica") : step;
  }

  /** Whoever rolled back: it holds here too, and is remembered here too. */
  private static Step markerSeen(Rollout before, Transition rollback, Time now) {
    CanarySnapshot known = before.snapshot();
    CanarySnapshot merged = known.merge(rollback.after());
    if (merged.equals(known) || !merged.rolledBack()) {
      return new Step(before);
    }
    if (known.rolledBack() && known.epoch().equals(merged.epoch())) {
      // Of two records of one rollback all replicas keep the same: that is no news.
      return new Step(before.in(merged), new Effect.Publish(merged));
    }
    Step step =
        new Step(before.in(merged).remembering(rollback))
            .and(new Effect.Publish(merged))
            .and(new Effect.Announce(rollback))
            .and(alarm(Alert.Kind.ROLLBACK, rollback, now));
    step = withoutPending(step, true, "overtaken by a rollback");
    return before.leads() ? checkpoint(step, now) : step;
  }

  private Step leads(Rollout before, Input.Leads leads, Time now) {
    Rollout after = before;
    if (leads.saved().isPresent()) {
      Saved saved = leads.saved().get();
      after =
          after
              .in(before.snapshot().merge(saved.snapshot()))
              .history(saved.historyWith(before.history()));
      if (after.snapshot().sameShare(saved.snapshot())) {
        after = after.with(StageHealth.of(saved.healthyMillis()));
      }
    } else if (after.snapshot().isUnknown()) {
      // What was ordered while nothing could be read holds in the epoch that begins.
      CanarySnapshot fresh = transitions.fresh(now.wallMillis());
      RollbackRecord ordered = before.snapshot().rollback();
      after = after.in(new CanarySnapshot(fresh.epoch(), ordered, fresh.position()));
    }
    CanarySnapshot placed = ladder.placed(after.snapshot());
    after = placed.equals(after.snapshot()) ? after : after.in(placed.ofTerm(leads.term()));
    // Another may have told of it, and been replaced.
    StageHealth.Told unsure = after.health().told().sure(false);
    after = after.with(after.health().with(unsure)).with(new Rollout.Lead(true, leads.term()));
    if (after.snapshot().equals(before.snapshot())) {
      return new Step(after);
    }
    Step step = new Step(after, new Effect.Publish(after.snapshot()));
    // Before it is written it would be forgotten with the process.
    return leads.saved().isEmpty() && after.snapshot().rolledBack() ? checkpoint(step, now) : step;
  }

  private static Step follows(Rollout before, Time now) {
    Rollout.Lead lead = new Rollout.Lead(false, before.lead().term());
    Step step = new Step(before.with(lead));
    boolean markerFailed = before.unmarked() != null && before.unmarked().told();
    if (before.leads() && !before.durable() && !markerFailed) {
      // Nothing of this disk is waited for any more.
      step =
          step.then(step.after().durable(true))
              .and(alarm(Alert.Kind.STATE_DURABLE, ANOTHERS_TO_WRITE, now));
    }
    return withoutPending(step, false, LEAD_LOST);
  }

  private static Step withoutPending(Step step, boolean conflict, String why) {
    Pending pending = step.after().pending();
    return pending == null
        ? step
        : step.then(step.after().pending(null))
            .and(
                new Effect.Refused(
                    pending.ticket(), conflict, pending.transition().name() + ": " + why));
  }
}
