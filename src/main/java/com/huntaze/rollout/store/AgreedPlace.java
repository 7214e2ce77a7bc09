package com.huntaze.rollout.store;

import com.huntaze.rollout.lease.AgreedEntry;
import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.lease.LeaseRecord;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The lease in the log of the voters: what is looked at is what this replica has heard, what is
 * written has been agreed upon by a majority.
 */
final class AgreedPlace implements LeasePlace {
  /** Shorter than a beat may take, so that another one may follow it. */
  private static final long LONGEST_MILLIS = 500;

  private final AgreedLog log;

  AgreedPlace(AgreedLog log) {
    this.log = log;
  }

  @Override
  public LeaseRecord read() {
    return log.agreed().lease();
  }

  @Override
  public boolean claim(LeaseRecord first) throws IOException {
    return agreed(log, new AgreedEntry.Claim(first), LONGEST_MILLIS);
  }

  @Override
  public void show(LeaseRecord record, boolean durable) throws IOException {
    if (!agreed(log, new AgreedEntry.Show(record), LONGEST_MILLIS)) {
      throw new IOException("the voters know of a later term than " + record.term());
    }
  }

  /**
   * Only the voter who orders the entries tries: so who leads loses the lead with one voter alone,
   * and a replica that cannot reach a majority does not try.
   */
  @Override
  public boolean mayTry() {
    return log.orders();
  }

  @Override
  public LeaseRecord confirmed(long term) throws IOException {
    if (agreed(log, new AgreedEntry.Confirm(term), LONGEST_MILLIS)) {
      return new LeaseRecord(term, "", 0, false);
    }
    return new LeaseRecord(Math.max(term + 1, log.agreed().highest()), "", 0, false);
  }

  @Override
  public long highestClaim() {
    return log.agreed().highest();
  }

  @Override
  public void tidy(LeaseRecord present) {
    // The log forgets by itself.
  }

  /**
   * Waits until an entry is agreed upon.
   *
   * @return false if it was refused
   * @throws IOException if no majority has agreed in time: it may yet
   */
  static boolean agreed(AgreedLog log, AgreedEntry entry, long millis) throws IOException {
    try {
      return log.append(entry).toCompletableFuture().get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new IOException(
          "no majority of the voters has answered within " + millis + " ms", late);
    } catch (ExecutionException failed) {
      throw new IOException(
          "no majority of the voters can be asked: " + failed.getCause().getMessage(),
          failed.getCause());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the voters were asked", hurried);
    }
  }
}
