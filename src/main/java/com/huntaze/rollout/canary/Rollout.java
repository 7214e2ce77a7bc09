package com.huntaze.rollout.canary;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * All that one replica knows of its rollout. Immutable: {@link CanaryMachine} makes each next one.
 *
 * @param snapshot what is in force
 * @param lead whether this replica writes the state
 * @param pending the change that is being made durable, {@code null} = none
 * @param unmarked the rollback whose marker is not durable yet, {@code null} = none
 * @param writing how the writes go
 * @param health of the share in force
 * @param history the latest transitions, oldest first
 */
public record Rollout(
    CanarySnapshot snapshot,
    Lead lead,
    Pending pending,
    Unmarked unmarked,
    Writing writing,
    StageHealth health,
    List<Transition> history) {

  /**
   * The leadership of this replica.
   *
   * @param term of its lead, 0 = it never led
   */
  public record Lead(boolean leads, long term) {}

  /**
   * A change that is in force once it is durable.
   *
   * @param write the number of the write that makes it so
   * @param ticket of the command's reply
   */
  public record Pending(Transition transition, long write, long ticket) {}

  /**
   * A rollback that is in force, and must still be made to outlive this process.
   *
   * @param tickets of the replies that wait for that
   * @param triedAt when it was last tried, monotonic
   * @param underWay whether a try has not ended yet
   * @param told whether people know that one failed
   */
  public record Unmarked(
      Transition rollback, List<Long> tickets, long triedAt, boolean underWay, boolean told) {
    /** Keeps a copy. */
    public Unmarked {
      tickets = List.copyOf(tickets);
    }

    /**
     * Begins; who waits for the marker of an earlier epoch waits for this one.
     *
     * @param earlier {@code null} = nobody does
     */
    static Unmarked begun(Unmarked earlier, Transition rollback, long ticket, long nowMillis) {
      List<Long> waiting = new ArrayList<>(earlier == null ? List.of() : earlier.tickets());
      waiting.add(ticket);
      return new Unmarked(rollback, waiting, nowMillis, true, false);
    }

    Unmarked with(List<Long> waiting) {
      return new Unmarked(rollback, waiting, triedAt, underWay, told);
    }

    Unmarked triedAt(long nowMillis) {
      return new Unmarked(rollback, tickets, nowMillis, true, told);
    }

    Unmarked failed() {
      return new Unmarked(rollback, List.of(), triedAt, false, true);
    }
  }

  /**
   * The progress of the writes.
   *
   * @param count how many were asked for, the number of the latest one
   * @param ended the number of the latest one that ended
   * @param durable whether the latest one that ended did so well; if not, nothing is promoted
   * @param askedAt when one was last asked for, monotonic; {@link StageHealth#NEVER}
   */
  public record Writing(long count, long ended, boolean durable, long askedAt) {
    boolean underWay() {
      return ended < count;
    }
  }

  /** Keeps a copy. */
  public Rollout {
    history = List.copyOf(history);
  }

  /** A replica that follows, and knows what it has read. */
  public static Rollout following(Saved saved) {
    return at(saved.snapshot(), saved.healthyMillis(), saved.history());
  }

  /** A replica that cannot look at what was kept: nothing goes to Foundry until it can. */
  public static Rollout unopened() {
    return unknown().durable(false);
  }

  /** A replica that follows, and has found nothing to read. */
  public static Rollout unknown() {
    return at(CanarySnapshot.unknown(), 0, List.of());
  }

  /**
   * A replica that cannot read what was kept: nothing goes to Foundry until a person begins anew.
   *
   * @param epoch a new one, newer than any that may have been
   */
  public static Rollout damaged(Epoch epoch, String sentence, Time now) {
    CanarySnapshot after = CanarySnapshot.damaged(epoch, sentence, now.wallMillis());
    CanarySnapshot before = new CanarySnapshot(epoch, null, after.position());
    Transition lost =
        new Transition(
            Transition.Action.ROLLBACK,
            before,
            after,
            Command.AUTO,
            sentence,
            now.wallMillis(),
            Map.of());
    return at(after, 0, List.of(lost));
  }

  private static Rollout at(CanarySnapshot snapshot, long healthy, List<Transition> history) {
    return new Rollout(
        snapshot,
        new Lead(false, 0),
        null,
        null,
        new Writing(0, 0, true, StageHealth.NEVER),
        StageHealth.of(healthy),
        history);
  }

  /** Returns the record to write so that this state is durable, as far as the machine knows it. */
  public Saved saved() {
    return new Saved(snapshot, health.healthyMillis(), OptionalInt.empty(), Map.of(), history);
  }

  boolean leads() {
    return lead.leads();
  }

  boolean durable() {
    return writing.durable();
  }

  Assessment assessment() {
    return health.assessment();
  }

  Rollout with(Lead next) {
    return new Rollout(snapshot, next, pending, unmarked, writing, health, history);
  }

  Rollout pending(Pending next) {
    return new Rollout(snapshot, lead, next, unmarked, writing, health, history);
  }

  Rollout unmarked(Unmarked next) {
    return new Rollout(snapshot, lead, pending, next, writing, health, history);
  }

  Rollout with(StageHealth next) {
    return new Rollout(snapshot, lead, pending, unmarked, writing, next, history);
  }

  Rollout history(List<Transition> next) {
    return new Rollout(snapshot, lead, pending, unmarked, writing, health, next);
  }

  private Rollout with(Writing next) {
    return new Rollout(snapshot, lead, pending, unmarked, next, health, history);
  }

  Rollout durable(boolean now) {
    return with(new Writing(writing.count(), writing.ended(), now, writing.askedAt()));
  }

  /** A write has ended. */
  Rollout wrote(long write, boolean well) {
    long ended = Math.max(write, writing.ended());
    return with(new Writing(writing.count(), ended, well, writing.askedAt()));
  }

  /** One more write is asked for. */
  Rollout writes(long nowMillis) {
    return with(new Writing(writing.count() + 1, writing.ended(), writing.durable(), nowMillis));
  }

  /**
   * Another snapshot is in force. What was found out about the share before says nothing good of
   * another one; what was bad stands against raising it until it is judged.
   */
  Rollout in(CanarySnapshot next) {
    boolean sameEpoch = next.epoch().equals(snapshot.epoch());
    StageHealth another = sameEpoch ? health.carriedOver() : health.anotherEpoch();
    StageHealth known = next.sameShare(snapshot) ? health : another;
    return new Rollout(next, lead, pending, unmarked, writing, known, history);
  }

  /**
   * A change that was begun does not happen. Its write may have become visible to others all the
   * same: so what is in force gets a number after it.
   */
  Rollout abandoning(Pending change) {
    return pending(null).in(snapshot.after(change.transition().after()));
  }

  Rollout remembering(Transition transition) {
    List<Transition> longer = new ArrayList<>(history);
    longer.add(transition);
    int from = Math.max(0, longer.size() - Saved.MOST_TRANSITIONS);
    return history(longer.subList(from, longer.size()));
  }
}
