package com.huntaze.rollout.canary;

/** What the machine made of a command. */
public sealed interface Step {
  /** The command was carried out: the new snapshot is {@code transition.after()}. */
  record Changed(Transition transition) implements Step {}

  /** There was nothing to do: what was asked for is already so. */
  record Unchanged(String sentence) implements Step {}

  /** The command cannot be carried out in this state; {@code sentence} says why and what can. */
  record Refused(String sentence) implements Step {}
}
