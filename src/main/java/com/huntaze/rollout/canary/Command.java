package com.huntaze.rollout.canary;

/**
 * An order of a person, an API caller or the judging loop to the rollout.
 *
 * <p>Every command says who asks ({@code actor}) and why ({@code reason}, may be empty).
 */
public sealed interface Command {
  /** The actor of what the machine does by itself. */
  String AUTO = "auto";

  /** The actor of what the configuration asks for. */
  String CONFIG = "config";

  String actor();

  String reason();

  /** Begins the rollout; after a rollback in a new epoch; after {@code set} lets it go on. */
  record Start(String actor, String reason) implements Command {}

  /** Goes to the next stage now. */
  record Advance(String actor, String reason) implements Command {}

  /** Stops promotion; the split stays. */
  record Pause(String actor, String reason) implements Command {}

  /** Ends a pause. */
  record Resume(String actor, String reason) implements Command {}

  /**
   * Sets Foundry's share.
   *
   * @param percentage 0..100
   */
  record SetPercentage(int percentage, String actor, String reason) implements Command {}

  /** Sends everything to legacy until a person begins a new epoch. */
  record Rollback(String actor, String reason) implements Command {}

  /** Takes its place on a ladder that was changed in the configuration; the share stays. */
  record Configure(String actor, String reason) implements Command {}

  /** Begins a new epoch that has not started: everything on legacy. */
  record Reset(String actor, String reason) implements Command {}
}
