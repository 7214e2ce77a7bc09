package com.huntaze.rollout.admission;

import com.huntaze.rollout.http.ServerSettings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of the whole process for bytes that wait for clients: parts of answers that they have
 * not taken yet, answers that are held back, and bodies that are kept to be sent again. One budget
 * ({@code server.bufferBytesTotal}), of which the kept bodies may have half.
 *
 * <p>It is filled in steps: from a quarter on nothing more is read for a client that has not taken
 * what it was sent ({@link #tight}), from three quarters on answers are held back no longer and the
 * client that has stalled longest is cut ({@link #scarce}), and when it is used up new requests are
 * refused ({@link #exhausted}). Thread-safe.
 */
public final class BufferMemory {
  private static final long MIN_BYTES = 1 << 20;
  private static final int HEAP_SHARE = 4;

  private volatile long total;
  private volatile long replays;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();

  /**
   * @param total in bytes; 0 = a quarter of the heap
   * @param replays the most of it for bodies that are kept to be sent again
   */
  public BufferMemory(long total, long replays) {
    limits(total, replays);
  }

  /** The budget of a data port. */
  public static BufferMemory of(ServerSettings settings) {
    return new BufferMemory(settings.bufferBytesTotal(), settings.replayBytesTotal());
  }

  /** The bytes of the budget that a setting means: 0 is a quarter of the heap. */
  public static long effective(long setting) {
    long heap = Runtime.getRuntime().maxMemory();
    return Math.max(MIN_BYTES, setting == 0 ? heap / HEAP_SHARE : setting);
  }

  /** Changes the limits; what is used already stays. */
  private void limits(long newTotal, long newReplays) {
    total = effective(newTotal);
    replays = Math.min(newReplays, total / 2);
  }

  /** Changes the limits to those of a data port. */
  public void limits(ServerSettings settings) {
    limits(settings.bufferBytesTotal(), settings.replayBytesTotal());
  }

  /** Takes memory for a part of a body that is kept; {@code false} when there is none left. */
  public boolean keep(long bytes) {
    boolean fits = kept.addAndGet(bytes) <= replays && !exhausted();
    if (fits) {
      used.addAndGet(bytes);
    } else {
      kept.addAndGet(-bytes);
    }
    return fits;
  }

  /** Gives back memory of kept bodies. */
  public void forget(long bytes) {
    kept.addAndGet(-bytes);
    used.addAndGet(-bytes);
  }

  /** Counts bytes that are here already, whether or not there is room for them. */
  public void take(long bytes) {
    used.addAndGet(bytes);
  }

  /** Gives back bytes that were taken. */
  public void release(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Tells whether a quarter is used: nothing more is read for a client that takes nothing. */
  public boolean tight() {
    return used.get() >= total / 4;
  }

  /** Tells whether three quarters are used: answers are not held back any longer. */
  public boolean scarce() {
    return used.get() >= total / 4 * 3;
  }

  boolean exhausted() {
    return used.get() >= total;
  }

  /** The bytes that are used now. */
  public long used() {
    return used.get();
  }

  /** The bytes that there are in all. */
  public long total() {
    return total;
  }
}
