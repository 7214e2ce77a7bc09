package com.huntaze.rollout.canary;

import com.huntaze.rollout.canary.Transition.Action;
import java.util.Optional;

/**
 * The change of a snapshot by each command: between {@code initial}, the stages of the ladder and
 * {@code rollback}. Whether it may happen now, and what has to be done for it, {@link
 * CanaryMachine} knows.
 *
 * <p>Pure and total: every command in every state gives a change, no change, or a refusal with a
 * sentence. Time comes in as an argument.
 */
final class Transitions {
  private final Ladder ladder;
  private final String replicaId;

  /**
   * @param ladder the configured stages
   * @param replicaId who this replica is, for the epochs and rollbacks that it begins
   */
  Transitions(Ladder ladder, String replicaId) {
    this.ladder = ladder;
    this.replicaId = replicaId;
  }

  /**
   * Returns the change that a command makes to a snapshot.
   *
   * @param now wall clock in milliseconds; recorded, never decided upon
   */
  CommandResult of(CanarySnapshot state, Command command, long now) {
    if (command instanceof Command.Start) {
      return start(state, command, now);
    } else if (command instanceof Command.Advance) {
      return advance(state, command, now);
    } else if (command instanceof Command.Pause) {
      return pause(state, command, now);
    } else if (command instanceof Command.Resume) {
      return resume(state, command, now);
    } else if (command instanceof Command.SetPercentage set) {
      return set(state, set, now);
    } else if (command instanceof Command.Rollback) {
      return rollback(state, command, now);
    } else if (command instanceof Command.Configure) {
      return configure(state, command, now);
    } else if (command instanceof Command.Reset) {
      return reset(state, command, now);
    }
    throw new AssertionError(command);
  }

  /** The state of a replica that is the first of all. */
  CanarySnapshot fresh(long now) {
    return CanarySnapshot.fresh(replicaId, now);
  }

  private CommandResult start(CanarySnapshot state, Command command, long now) {
    if (state.rolledBack()) {
      CanarySnapshot fresh = newEpoch(state, now);
      return changed(Action.START, state, at(fresh, ladder.first(), now), command, now);
    }
    if (state.stage() == Stage.NONE) {
      return changed(Action.START, state, at(state, ladder.first(), now), command, now);
    }
    if (state.position().manual()) {
      // A share of zero would never be promoted, for nothing would be observed: begin again.
      CanarySnapshot after =
          state.percentage() == 0 ? at(state, ladder.first(), now) : flags(state, false, false);
      return changed(Action.START, state, after, command, now);
    }
    return new CommandResult.Refused("start: already running, %s".formatted(describe(state)));
  }

  private CommandResult advance(CanarySnapshot state, Command command, long now) {
    if (state.rolledBack()) {
      return rolledBack("advance");
    }
    Optional<Stage> next = ladder.above(state);
    if (next.isEmpty()) {
      return new CommandResult.Refused(
          "advance: already at the last stage, %s".formatted(describe(state)));
    }
    return changed(Action.ADVANCE, state, at(state, next.get(), now), command, now);
  }

  private CommandResult pause(CanarySnapshot state, Command command, long now) {
    if (state.stage() == Stage.NONE) {
      return new CommandResult.Refused("pause: nothing is running, %s".formatted(describe(state)));
    }
    if (state.position().paused()) {
      return new CommandResult.Unchanged("pause: already paused, %s".formatted(describe(state)));
    }
    CanarySnapshot after = flags(state, true, state.position().manual());
    return changed(Action.PAUSE, state, after, command, now);
  }

  private CommandResult resume(CanarySnapshot state, Command command, long now) {
    if (state.rolledBack() || !state.position().paused()) {
      return new CommandResult.Refused("resume: not paused, %s".formatted(describe(state)));
    }
    CanarySnapshot after = flags(state, false, state.position().manual());
    return changed(Action.RESUME, state, after, command, now);
  }

  private CommandResult set(CanarySnapshot state, Command.SetPercentage command, long now) {
    int percentage = command.percentage();
    if (percentage < 0 || percentage > 100) {
      return new CommandResult.Refused("percentage: %d (expected: 0..100)".formatted(percentage));
    }
    if (state.rolledBack()) {
      return percentage == 0
          ? new CommandResult.Unchanged("set: already at 0 %, " + describe(state))
          : rolledBack("set");
    }
    if (percentage == state.percentage() && state.position().manual()) {
      return new CommandResult.Unchanged("set: already there, " + describe(state));
    }
    return changed(Action.SET, state, manual(state, percentage, now), command, now);
  }

  private CommandResult rollback(CanarySnapshot state, Command command, long now) {
    if (state.rolledBack()) {
      return new CommandResult.Unchanged("rollback: already rolled back, " + describe(state));
    }
    RollbackRecord rollback =
        new RollbackRecord(
            state.position().seq() + 1,
            replicaId,
            now,
            state.percentage(),
            command.actor(),
            command.reason());
    CanarySnapshot after = new CanarySnapshot(state.epoch(), rollback, state.position());
    return changed(Action.ROLLBACK, state, after, command, now);
  }

  private CommandResult configure(CanarySnapshot state, Command command, long now) {
    Position placed = ladder.placed(state).position();
    CanarySnapshot after = moved(state, placed.after(state.position()));
    return changed(Action.CONFIGURE, state, after, command, now);
  }

  private CommandResult reset(CanarySnapshot state, Command command, long now) {
    if (state.phase().equals(Phase.INITIAL) && state.percentage() == 0) {
      return new CommandResult.Unchanged("reset: already initial, " + describe(state));
    }
    return changed(Action.RESET, state, newEpoch(state, now), command, now);
  }

  private static CommandResult changed(
      Action action, CanarySnapshot before, CanarySnapshot after, Command command, long now) {
    return new CommandResult.Changed(Transition.of(action, before, after, command, now));
  }

  private static CommandResult rolledBack(String command) {
    return new CommandResult.Refused(
        command
            + ": rolled back, the share stays 0 % (expected: start for a new attempt, or reset)");
  }

  private CanarySnapshot newEpoch(CanarySnapshot state, long now) {
    return new CanarySnapshot(state.epoch().next(replicaId), null, Position.initial(now));
  }

  private static CanarySnapshot at(CanarySnapshot state, Stage stage, long now) {
    Position old = state.position();
    return moved(
        state,
        new Position(
            old.term(),
            old.seq() + 1,
            stage.phase(),
            stage.index(),
            stage.percentage(),
            false,
            false,
            now));
  }

  private CanarySnapshot manual(CanarySnapshot state, int percentage, long now) {
    Position old = state.position();
    // Zero is a share, not a place on the ladder: the phase stays where it was.
    Stage stage =
        percentage == 0 ? new Stage(old.stage(), old.phase(), 0) : ladder.covering(percentage);
    long since = stage.phase().equals(old.phase()) ? old.since() : now;
    return moved(
        state,
        new Position(
            old.term(),
            old.seq() + 1,
            stage.phase(),
            stage.index(),
            percentage,
            old.paused(),
            true,
            since));
  }

  private static CanarySnapshot flags(CanarySnapshot state, boolean paused, boolean manual) {
    Position old = state.position();
    return moved(
        state,
        new Position(
            old.term(),
            old.seq() + 1,
            old.phase(),
            old.stage(),
            old.percentage(),
            paused,
            manual,
            old.since()));
  }

  private static CanarySnapshot moved(CanarySnapshot state, Position position) {
    return new CanarySnapshot(state.epoch(), state.rollback(), position);
  }

  private static String describe(CanarySnapshot state) {
    return "%s at %d %%".formatted(state.phase(), state.percentage());
  }
}
