package com.huntaze.rollout.canary;

/** An action that follows on a step; a step's effects are carried out in the order given. */
public sealed interface Effect {
  /** Calls the method of its own kind, so that whoever does effects has one for each. */
  void doneBy(Doer doer);

  /** One method for each effect. */
  interface Doer {
    /** Makes a state durable. */
    void persist(Persist persist);

    /** Makes a rollback's marker durable. */
    void mark(Mark mark);

    /** Puts a snapshot in force. */
    void publish(Publish publish);

    /** Logs a change. */
    void announce(Announce announce);

    /** Tells people. */
    void alarm(Alarm alarm);

    /** Ends what an earlier process may have told people. */
    void well(Well well);

    /** Replies to a command that was carried out. */
    void done(Done done);

    /** Replies to a command that was not. */
    void refused(Refused refused);
  }

  /**
   * Make it durable, then tell {@link Input.Written} or {@link Input.NotWritten} with its number.
   */
  record Persist(long write, Saved saved) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.persist(this);
    }
  }

  /**
   * Make a rollback's marker durable, then tell {@link Input.Marked} or {@link Input.NotMarked}.
   */
  record Mark(Transition rollback) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.mark(this);
    }
  }

  /** The snapshot is in force from now on. */
  record Publish(CanarySnapshot snapshot) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.publish(this);
    }
  }

  /** A change has happened: log it. */
  record Announce(Transition transition) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.announce(this);
    }
  }

  /** Tell people. */
  record Alarm(Alert alert) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.alarm(this);
    }
  }

  /** It is well, as far as a process before this one may have told otherwise. */
  record Well(Alert end) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.well(this);
    }
  }

  /** The reply to a command: done, or already so. */
  record Done(long ticket) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.done(this);
    }
  }

  /**
   * The reply to a command: not done.
   *
   * @param conflict whether the state is against it; else it failed
   */
  record Refused(long ticket, boolean conflict, String sentence) implements Effect {
    @Override
    public void doneBy(Doer doer) {
      doer.refused(this);
    }
  }
}
