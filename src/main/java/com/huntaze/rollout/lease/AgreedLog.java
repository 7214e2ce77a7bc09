package com.huntaze.rollout.lease;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The log that a few voters have in common, as one replica sees it: what was agreed upon so far,
 * and the way to what comes next. Thread-safe.
 *
 * <p>Entries are told in the log's order by one thread; what is agreed upon is read by any.
 */
public final class AgreedLog {
  private static final byte[] TAKEN = {1};
  private static final byte[] REFUSED = {0};

  /** The voters, as far as they can be reached. */
  public interface Voters {
    /**
     * Has an entry written.
     *
     * @return the answer of {@link #apply}, once a majority has the entry; fails without one
     */
    CompletionStage<byte[]> append(byte[] entry);

    /** Returns whether this replica is the voter who orders the entries. */
    boolean orders();
  }

  private final Path dir;

  /**
   * The state after the entries that were told; while they are told once more, behind the other.
   */
  private Agreed applied = Agreed.NOTHING;

  private boolean again;
  private volatile Agreed agreed = Agreed.NOTHING;
  private volatile Voters voters;
  private volatile Runnable heard = () -> {};

  /**
   * @param dir this replica's own directory, in which its part of the log is
   */
  public AgreedLog(Path dir) {
    this.dir = dir;
  }

  /** This replica's own directory. */
  public Path dir() {
    return dir;
  }

  /** The things agreed upon, as far as this replica has heard. */
  public Agreed agreed() {
    return agreed;
  }

  /** Sets the way to the voters. */
  public void connect(Voters to) {
    voters = to;
  }

  /** Hears, on the log's thread, when another state or marker was agreed upon. */
  public void onChange(Runnable runnable) {
    heard = runnable;
  }

  /** Returns whether this replica is the voter who orders the entries. */
  public boolean orders() {
    Voters now = voters;
    return now != null && now.orders();
  }

  /** Has an entry written; the answer tells whether it was taken. */
  public CompletionStage<Boolean> append(AgreedEntry entry) {
    Voters now = voters;
    return now == null
        ? CompletableFuture.failedFuture(new IllegalStateException("the cluster is not joined yet"))
        : now.append(entry.encode()).thenApply(answer -> answer.length > 0 && answer[0] == 1);
  }

  /** An entry is agreed upon; the answer is for its writer. */
  public byte[] apply(byte[] entry) {
    Optional<AgreedEntry> known = AgreedEntry.decode(entry);
    if (known.isEmpty()) {
      return REFUSED.clone();
    }
    boolean taken;
    boolean news;
    synchronized (this) {
      Agreed.Step step = applied.apply(known.get());
      applied = step.next();
      taken = step.taken();
      news = show();
    }
    tell(news);
    return (taken ? TAKEN : REFUSED).clone();
  }

  /** The bytes of all that is agreed upon, for a log that begins with them. */
  public synchronized byte[] snapshot() {
    return applied.encode();
  }

  /**
   * Begins with such bytes.
   *
   * @throws IllegalArgumentException if they are none
   */
  public void restore(byte[] snapshot) {
    Agreed begins = Agreed.decode(snapshot);
    boolean news;
    synchronized (this) {
      applied = begins;
      news = show();
    }
    tell(news);
  }

  /**
   * The log will tell its entries once more, from its beginning or from a snapshot. What is known
   * stays as it is until {@link #caughtUp}.
   */
  public synchronized void beginsAgain() {
    applied = Agreed.NOTHING;
    again = true;
  }

  /** The log has told what it had once more; what comes is new. */
  public void caughtUp() {
    boolean news;
    synchronized (this) {
      again = false;
      news = show();
    }
    tell(news);
  }

  /** Returns whether another state or marker is known now. A replay takes nothing back. */
  private boolean show() {
    Agreed before = agreed;
    boolean older =
        applied.highest() < before.highest()
            || applied.term() < before.term()
            || isNews(before.lease(), applied.lease());
    if (again || older) {
      return false;
    }
    agreed = applied;
    return !applied.state().equals(before.state()) || !applied.markers().equals(before.markers());
  }

  private static boolean isNews(LeaseRecord known, LeaseRecord than) {
    return known != null && (than == null || known.isNews(than));
  }

  private void tell(boolean news) {
    if (news) {
      heard.run();
    }
  }
}
