package com.huntaze.rollout.canary;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The store of a rollout's state, for one replica or for several that share the place. One of them
 * leads at a time. Nothing here blocks its caller; the stages complete on any thread.
 */
public interface RolloutStore {
  /**
   * Opens the place, takes the lead if nobody has it, and reads what is there.
   *
   * @return fails with a sentence when the place cannot be used; the next {@link #look} tries again
   */
  CompletionStage<Recovered> open();

  /**
   * Writes the whole state: durable when the stage completes. Writes are made in the order of the
   * calls. For the leader only.
   */
  CompletionStage<Void> write(Saved saved);

  /** Writes a rollback's marker: durable when the stage completes. Any replica may. */
  CompletionStage<Void> mark(Transition rollback);

  /**
   * Keeps a rollback that another replica has told of, where replicas have a place each: so it is
   * known as long as one of them is.
   */
  default CompletionStage<Void> heard(Transition rollback) {
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Returns whether a rollout may begin here by the configuration alone. A place that was lost
   * looks like a new one; so only one that is known to be new counts. Known once it is open.
   */
  boolean mayBeginByItself();

  /** Looks for what other replicas have written, and takes the lead if it is free by now. */
  CompletionStage<Recovered> look();

  /**
   * Returns, from memory and the clock alone, whether the lead of a term may still be used: a
   * leader that was stopped for a while asks before it does anything.
   */
  default boolean leadLasts(long term) {
    return true;
  }

  /** Hears, on any thread, when the lead may have changed: to {@link #look} at once. */
  default void onLeadChange(Runnable heard) {}

  /** Gives the lead back and ends. */
  CompletionStage<Void> close();

  /**
   * The findings of a recovery.
   *
   * @param leads whether this replica leads
   * @param term the term of the lead if it does; larger than that of any leader before
   * @param saved the newest state, empty = none was ever written, or it is damaged
   * @param markers the rollbacks that markers tell of, whatever their epochs
   * @param damage what is wrong with the newest state, empty = nothing; if something is, nothing
   *     may go to Foundry, and people must be told
   * @param newestEpoch the largest epoch number that anything here tells of, 0 = none
   */
  record Recovered(
      boolean leads,
      long term,
      Optional<Saved> saved,
      List<Transition> markers,
      Optional<String> damage,
      long newestEpoch) {
    /** Keeps a copy. */
    public Recovered {
      markers = List.copyOf(markers);
    }
  }
}
