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
    Agreed before = agreed;
    Agreed.Step step = before.apply(known.get());
    agreed = step.next();
    tell(before);
    return (step.taken() ? TAKEN : REFUSED).clone();
  }

  /** The bytes of all that is agreed upon, for a log that begins with them. */
  public byte[] snapshot() {
    return agreed.encode();
  }

  /**
   * Begins with such bytes.
   *
   * @throws IllegalArgumentException if they are none
   */
  public void restore(byte[] snapshot) {
    Agreed before = agreed;
    agreed = Agreed.decode(snapshot);
    tell(before);
  }

  private void tell(Agreed before) {
    Agreed now = agreed;
    if (!now.state().equals(before.state()) || !now.markers().equals(before.markers())) {
      heard.run();
    }
  }
}
