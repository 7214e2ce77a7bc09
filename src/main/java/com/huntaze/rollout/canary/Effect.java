package com.huntaze.rollout.canary;

/** What is to be done after a step, in the order given. */
public sealed interface Effect {
  /**
   * Make it durable, then tell {@link Input.Written} or {@link Input.NotWritten} with its number.
   */
  record Persist(long write, Saved saved) implements Effect {}

  /**
   * Make a rollback's marker durable, then tell {@link Input.Marked} or {@link Input.NotMarked}.
   */
  record Mark(Transition rollback) implements Effect {}

  /** The snapshot is in force from now on. */
  record Publish(CanarySnapshot snapshot) implements Effect {}

  /** A change has happened: log it. */
  record Announce(Transition transition) implements Effect {}

  /** Tell people. */
  record Alarm(Alert alert) implements Effect {}

  /** The reply to a command: done, or already so. */
  record Done(long ticket) implements Effect {}

  /**
   * The reply to a command: not done.
   *
   * @param conflict whether the state is against it; else it failed
   */
  record Refused(long ticket, boolean conflict, String sentence) implements Effect {}
}
