package com.huntaze.rollout.canary;

import java.util.Optional;

/** An input of the machine. */
public sealed interface Input {
  /**
   * Somebody wants something.
   *
   * @param ticket names the reply that is waited for; {@link #NO_REPLY} = none is
   */
  record Ordered(Command command, long ticket) implements Input {}

  /** The judge has evaluated the figures of the present epoch and stage. */
  record Judged(Assessment assessment) implements Input {}

  /** A write is durable. */
  record Written(long write) implements Input {}

  /**
   * A write failed, and will not be tried again by itself.
   *
   * @param undecided whether it may come into force all the same
   */
  record NotWritten(long write, String reason, boolean undecided) implements Input {
    /** It is known not to be in force. */
    public NotWritten(long write, String reason) {
      this(write, reason, false);
    }
  }

  /** A rollback's marker is durable. */
  record Marked(Epoch epoch) implements Input {}

  /** A rollback's marker could not be made durable. */
  record NotMarked(Epoch epoch, String reason) implements Input {}

  /** A state that the leader has written, as another replica has read it. */
  record Learned(Saved saved) implements Input {}

  /** A rollback's marker was seen, made by another replica or before a restart. */
  record MarkerSeen(Transition rollback) implements Input {}

  /**
   * This replica leads from now on.
   *
   * @param term larger than that of every leader before
   * @param saved what the last leader has left, empty = nothing
   */
  record Leads(long term, Optional<Saved> saved) implements Input {}

  /** Another replica leads: of this one's own accord only a rollback may happen. */
  record Follows() implements Input {}

  /** The ticket of those who wait for no reply. */
  long NO_REPLY = 0;
}
