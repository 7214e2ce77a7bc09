package com.huntaze.rollout.canary;

/** The change that a command makes to a snapshot, or the reason why it makes none. */
sealed interface CommandResult {
  /** The command was carried out: the new snapshot is {@code transition.after()}. */
  record Changed(Transition transition) implements CommandResult {}

  /** There was nothing to do: what was asked for is already so. */
  record Unchanged(String sentence) implements CommandResult {}

  /** The command cannot be carried out in this state; {@code sentence} says why and what can. */
  record Refused(String sentence) implements CommandResult {}
}
