package com.huntaze.rollout.judge.window;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Picks at most one exchange per user key and slot of 10 s in the whole process, for the sequential
 * tests: errors of one user come in bursts, and their guarantee is for errors that do not.
 *
 * <p>Ask when the exchange <em>begins</em>. To pick whichever outcome came first would prefer fast
 * failures to slow successes.
 *
 * <p>Thread-safe and lock-free; the memory is fixed. A cell holds the slot and a fingerprint of the
 * key. Within a slot a cell that was taken stays taken, and a later slot never yields to an earlier
 * one, so that one (key, slot) is granted at most once. When its cells are all taken by other keys,
 * or two keys share a fingerprint, a key is not granted at all: a lost sample does no harm, because
 * it does not depend on the outcome.
 */
public final class UserSampler {
  private static final int SLOT_MILLIS = 10_000;
  private static final int CELLS = 1 << 16;
  private static final int PROBES = 8;

  /** Of a cell's 64 bits; 28 bits of slots are 85 years. */
  private static final int FINGERPRINT_BITS = 36;

  private static final long FINGERPRINT = (1L << FINGERPRINT_BITS) - 1;

  private final AtomicLongArray cells = new AtomicLongArray(CELLS);

  /**
   * Returns whether this is the first exchange of the key in its slot.
   *
   * @param keyHash of the user key, see {@link #hash}; keyless exchanges need not ask
   * @param nowMillis a monotonic clock, the same for all callers
   */
  public boolean first(long keyHash, long nowMillis) {
    long slot = slot(nowMillis);
    long mixed = mix(keyHash ^ mix(slot));
    // The lowest bit is always set, so that no mark is taken for an empty cell.
    long mark = slot << FINGERPRINT_BITS | mixed & FINGERPRINT | 1;
    int start = (int) (mixed >>> 48);
    for (int probe = 0; probe < PROBES; probe++) {
      int at = start + probe & CELLS - 1;
      long seen = cells.get(at);
      while (isFree(seen, mark)) {
        if (cells.compareAndSet(at, seen, mark)) {
          return true;
        }
        seen = cells.get(at);
      }
      if (seen == mark || age(seen, mark) < 0) {
        return false;
      }
    }
    return false;
  }

  /** The number of a moment's slot. */
  public static long slot(long nowMillis) {
    return Math.floorDiv(nowMillis, SLOT_MILLIS);
  }

  /** The first millisecond of a slot. */
  public static long beginOf(long slot) {
    return slot * SLOT_MILLIS;
  }

  /** A 64-bit hash of a user key (FNV-1a, Fowler, Noll, Vo), over its UTF-16 units. */
  public static long hash(String userKey) {
    long hash = 0xcbf2_9ce4_8422_2325L;
    for (int i = 0; i < userKey.length(); i++) {
      hash = (hash ^ userKey.charAt(i)) * 0x100_0000_01b3L;
    }
    return hash;
  }

  /** Spreads a value over all 64 bits (Stafford's variant 13 of the MurmurHash3 finaliser). */
  public static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }

  private static boolean isFree(long seen, long mark) {
    return seen == 0 || age(seen, mark) > 0;
  }

  /** Returns the number of slots since a cell was taken, with the wrap of the slot's bits. */
  private static long age(long seen, long mark) {
    return (mark & ~FINGERPRINT) - (seen & ~FINGERPRINT) >> FINGERPRINT_BITS;
  }
}
