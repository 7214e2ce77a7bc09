package com.huntaze.rollout.exchange;

import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The traffic through the process at the moment, for those who look on: the latest records, and
 * running counts of each side of the split. Bounded, kept in memory alone, and fed by any thread
 * without waiting; nothing is decided by it.
 *
 * <p>Of a second the first {@value #MOST_A_SECOND} records are kept, as many of those whose clients
 * saw an error, and as many that were refused: so nobody's flood pushes out what others look for,
 * and the garbage collector does not copy records that are gone before anybody sees them.
 */
public final class Activity {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long LONGEST_MILLIS = 900_000;
  private static final int DIGITS = 2;
  private static final int LEAST_ERROR = 500;
  private static final int TOO_MANY = 429;
  private static final int MOST_A_SECOND = 250;
  private static final long MILLIS = 1_000;

  /** Of a second's number, which stands before its count. */
  private static final int SHIFT = 16;

  private static final long COUNT = (1 << SHIFT) - 1;

  private final AtomicReferenceArray<Entry> ring;
  private final AtomicLong entered = new AtomicLong();
  private final Side foundry = new Side();
  private final Side legacy = new Side();
  private final LongAdder refused = new LongAdder();

  /** The last second, and how many of its records are kept. */
  private final AtomicLong served = new AtomicLong();

  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong turnedAway = new AtomicLong();

  /**
   * @param kept how many records are kept, 1 or more
   */
  public Activity(int kept) {
    ring = new AtomicReferenceArray<>(kept);
  }

  private record Entry(long number, ExchangeRecord record) {}

  /** The running counts of what was meant for one provider. */
  private static final class Side {
    private final LongAdder requests = new LongAdder();
    private final LongAdder servedByLegacy = new LongAdder();
    private final LongAdder clientErrors = new LongAdder();
    private final Recorder firstContent = new Recorder(LONGEST_MILLIS, DIGITS);
  }

  /**
   * The counts of one side, since the process began.
   *
   * @param requests requests that were meant for this provider
   * @param servedByLegacy of those, the ones that legacy answered instead of Foundry
   * @param clientErrors of those, the ones whose client saw an error: a status of 500 or more, 429,
   *     or an answer that broke off
   * @param firstContent times to the first content of the streams that this provider answered,
   *     milliseconds, since the last look
   */
  public record SideCounts(
      long requests, long servedByLegacy, long clientErrors, Histogram firstContent) {}

  /**
   * A look at the counts.
   *
   * @param refused requests that no provider was asked for
   */
  public record Counts(SideCounts foundry, SideCounts legacy, long refused) {}

  /** Takes note of a request that has ended. */
  public void add(ExchangeRecord record) {
    boolean error = clientSawError(record);
    AtomicLong kind = record.provider() == null ? turnedAway : error ? failed : served;
    if (hasRoom(kind, record.endedAt() / MILLIS)) {
      long number = entered.getAndIncrement();
      ring.set((int) (number % ring.length()), new Entry(number, record.bounded()));
    }
    if (record.provider() == null) {
      refused.increment();
      return;
    }
    Side meant = record.fallback() ? foundry : of(record.provider());
    meant.requests.increment();
    if (record.fallback()) {
      meant.servedByLegacy.increment();
    }
    if (error) {
      meant.clientErrors.increment();
    }
    if (record.served().stream() && record.firstContentNanos() >= 0) {
      long millis = record.firstContentNanos() / NANOS_PER_MILLI;
      of(record.provider()).firstContent.recordValue(Math.min(millis, LONGEST_MILLIS));
    }
  }

  private static boolean hasRoom(AtomicLong kind, long second) {
    while (true) {
      long before = kind.get();
      long after = before >> SHIFT == second ? before + 1 : (second << SHIFT) + 1;
      if ((after & COUNT) > MOST_A_SECOND) {
        return false;
      }
      if (kind.compareAndSet(before, after)) {
        return true;
      }
    }
  }

  private Side of(Provider provider) {
    return provider == Provider.FOUNDRY ? foundry : legacy;
  }

  /** Returns whether its client was told of a failure, or could see one. */
  public static boolean clientSawError(ExchangeRecord record) {
    return record.status() >= LEAST_ERROR
        || record.status() == TOO_MANY
        || record.ending().equals("upstream_failed");
  }

  /**
   * The latest records, newest first, that are wanted, and no more than so many.
   *
   * @param wanted is asked of each record that is kept, until there are enough
   */
  public List<ExchangeRecord> newest(int most, Predicate<ExchangeRecord> wanted) {
    List<ExchangeRecord> found = new ArrayList<>();
    long last = entered.get() - 1;
    long oldest = Math.max(0, last - ring.length() + 1);
    for (long number = last; number >= oldest && found.size() < most; number--) {
      Entry entry = ring.get((int) (number % ring.length()));
      // One that is being entered is not there yet: its place has what was there a round before.
      if (entry != null && entry.number() == number && wanted.test(entry.record())) {
        found.add(entry.record());
      }
    }
    return found;
  }

  /** Looks at the counts; the next look has the times to first content from now on. */
  public Counts look() {
    return new Counts(look(foundry), look(legacy), refused.sum());
  }

  private static SideCounts look(Side side) {
    return new SideCounts(
        side.requests.sum(),
        side.servedByLegacy.sum(),
        side.clientErrors.sum(),
        side.firstContent.getIntervalHistogram());
  }
}
