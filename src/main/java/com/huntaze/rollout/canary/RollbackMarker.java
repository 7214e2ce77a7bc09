package com.huntaze.rollout.canary;

import com.huntaze.rollout.canary.Rollout.Unmarked;
import java.util.ArrayList;
import java.util.List;

/** The marker of a rollback that is in force: written, missing, or tried again. */
final class RollbackMarker {
  /** More callers than this who wait for one marker are told to ask again. */
  private static final int MOST_TICKETS = 1_000;

  private RollbackMarker() {}

  /**
   * A rollback that is asked for again is answered when the first one is durable; if that failed,
   * this is another try.
   */
  static Step again(Rollout state, long ticket, Time now) {
    Unmarked unmarked = state.unmarked();
    if (unmarked == null) {
      return new Step(state, new Effect.Done(ticket));
    }
    if (unmarked.tickets().size() >= MOST_TICKETS) {
      String sentence = "rollback: in force, its marker is still being written";
      return new Step(state, new Effect.Refused(ticket, false, sentence));
    }
    List<Long> tickets = new ArrayList<>(unmarked.tickets());
    tickets.add(ticket);
    Step step = new Step(state.unmarked(unmarked.with(tickets)));
    return unmarked.underWay() ? step : tried(step, now);
  }

  /** Another try after one that failed, when it is time. */
  static Step retried(Step step, MachineSettings settings, Time now) {
    Unmarked unmarked = step.after().unmarked();
    boolean due =
        unmarked != null
            && !unmarked.underWay()
            && now.monotonicMillis() - unmarked.triedAt() >= settings.retryMillis();
    return due ? tried(step, now) : step;
  }

  private static Step tried(Step step, Time now) {
    Unmarked unmarked = step.after().unmarked();
    return step.then(step.after().unmarked(unmarked.triedAt(now.monotonicMillis())))
        .and(new Effect.Mark(unmarked.rollback()));
  }

  /** An epoch's marker is durable. */
  static Step ended(Rollout state, Epoch epoch, Time now) {
    if (!isAwaited(state, epoch)) {
      return new Step(state);
    }
    Step step = ended(new Step(state));
    // A follower writes nothing else by which it would be found that the place can be written.
    boolean mended = state.unmarked().told() && !state.leads() && !state.durable();
    return mended
        ? step.then(step.after().durable(true)).and(CanaryMachine.durableAgain(now))
        : step;
  }

  /** A new epoch is in force and durable: nobody needs an old one's marker any more. */
  static Step ofAnotherEpochEnded(Step step) {
    Rollout state = step.after();
    boolean needed = state.unmarked() == null || isAwaited(state, state.snapshot().epoch());
    return needed ? step : ended(step);
  }

  private static boolean isAwaited(Rollout state, Epoch epoch) {
    return state.unmarked() != null && state.unmarked().rollback().after().epoch().equals(epoch);
  }

  private static Step ended(Step before) {
    Step step = before.then(before.after().unmarked(null));
    for (long ticket : before.after().unmarked().tickets()) {
      step = step.and(new Effect.Done(ticket));
    }
    return step;
  }

  /** An epoch's marker could not be written: people are told once, callers each. */
  static Step failed(Rollout before, Input.NotMarked failed, Time now) {
    if (!isAwaited(before, failed.epoch())) {
      return new Step(before);
    }
    Unmarked unmarked = before.unmarked();
    String sentence =
        "the rollback is in force, but could not be made durable: %s; a restart may forget it"
            .formatted(failed.reason());
    Step step = new Step(before.durable(false).unmarked(unmarked.failed()));
    if (!unmarked.told()) {
      step =
          step.and(
              CanaryMachine.alarm(
                  Alert.Kind.STATE_NOT_DURABLE, "T" + sentence.substring(1) + ".", now));
    }
    for (long ticket : unmarked.tickets()) {
      step = step.and(new Effect.Refused(ticket, false, sentence));
    }
    return step;
  }
}
