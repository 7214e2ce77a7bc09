package com.huntaze.rollout.quality;

import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The last exchanges that may be rated, by their ids. They lie in flat arrays, {@value #BYTES}
 * bytes each whatever the length of an id, so that the garbage collector has nothing to copy and
 * nothing to look through. Of an id its hash of 128 bits is kept, by seeds that nobody knows.
 * Thread-safe. It has no clock.
 */
public final class ServedExchanges {
  /** Of an exchange, in all arrays. */
  static final int BYTES = 40;

  private static final int NONE = -1;
  private static final int FIRST_ROOM = 1_024;

  /** Of models and agents; further ones, of configurations that have changed often, are others. */
  private static final int MOST_NAMES = 1 << 15;

  private static final int NAME_BITS = 15;
  private static final long KEPT_MINUTES = TimeUnit.HOURS.toMinutes(24);
  private static final int MINUTES_AN_HOUR = 60;
  private static final long PRIME = 0x9e37_79b9_7f4a_7c15L;
  private static final long OTHER_PRIME = 0xc2b2_ae3d_27d4_eb4fL;

  private final int most;
  private final long seed;
  private final long otherSeed;

  /** A ring: the next exchange takes the place of the oldest. */
  private long[] keys = new long[0];

  private long[] otherKeys = new long[0];
  private int[] minutes = new int[0];
  private int[] served = new int[0];

  /** The exchanges of one bucket, the newest first; doubly linked, so that each can go at once. */
  private int[] after = new int[0];

  private int[] before = new int[0];
  private int[] buckets = new int[0];
  private int next;
  private int size;

  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /** Those that somebody has looked for, by their places: a rating replaces an earlier one. */
  private final Map<Integer, ServedExchange> found = new HashMap<>();

  /**
   * @param most exchanges that are remembered, the last ones
   * @param seed random, and another one
   */
  public ServedExchanges(int most, long seed, long otherSeed) {
    this.most = most;
    this.seed = seed;
    this.otherSeed = otherSeed;
    number(Names.OTHER);
  }

  /**
   * Remembers an exchange; an id that comes again stands for the newest.
   *
   * @param keyId of the caller's key, {@code null} = none: each key has ids of its own
   * @param endedAt wall clock in milliseconds
   */
  public synchronized void put(String keyId, String id, ServedExchange exchange, long endedAt) {
    if (size == keys.length && size < most) {
      grow();
    }
    int slot = next;
    next = (next + 1) % keys.length;
    if (size == keys.length) {
      unlink(slot);
      found.remove(slot);
    } else {
      size++;
    }
    keys[slot] = hash(seed, PRIME, keyId, id);
    otherKeys[slot] = hash(otherSeed, OTHER_PRIME, keyId, id);
    minutes[slot] = minute(endedAt);
    served[slot] =
        (exchange.provider == Provider.FOUNDRY ? 1 : 0)
            | number(exchange.model) << 1
            | number(exchange.agent) << 1 + NAME_BITS;
    link(slot);
  }

  /**
   * The exchange of an id; {@code null} = there is none, or it is older than a day.
   *
   * @param now wall clock in milliseconds
   */
  public synchronized ServedExchange find(String keyId, String id, long now) {
    if (size == 0) {
      return null;
    }
    long key = hash(seed, PRIME, keyId, id);
    long otherKey = hash(otherSeed, OTHER_PRIME, keyId, id);
    for (int slot = buckets[bucket(key)]; slot != NONE; slot = after[slot]) {
      if (keys[slot] == key && otherKeys[slot] == otherKey) {
        return minute(now) - minutes[slot] <= KEPT_MINUTES
            ? found.computeIfAbsent(slot, this::exchange)
            : null;
      }
    }
    return null;
  }

  private ServedExchange exchange(int slot) {
    int is = served[slot];
    return new ServedExchange(
        Math.floorDiv(minutes[slot], MINUTES_AN_HOUR),
        (is & 1) == 1 ? Provider.FOUNDRY : Provider.LEGACY,
        names.get(is >>> 1 & MOST_NAMES - 1),
        names.get(is >>> 1 + NAME_BITS));
  }

  private static int minute(long at) {
    return (int) TimeUnit.MILLISECONDS.toMinutes(at);
  }

  private void grow() {
    int room = Math.min(most, Math.max(FIRST_ROOM, 2 * keys.length));
    keys = Arrays.copyOf(keys, room);
    otherKeys = Arrays.copyOf(otherKeys, room);
    minutes = Arrays.copyOf(minutes, room);
    served = Arrays.copyOf(served, room);
    after = new int[room];
    before = new int[room];
    buckets = new int[Integer.highestOneBit(room) << 1];
    Arrays.fill(buckets, NONE);
    next = size;
    for (int slot = 0; slot < size; slot++) {
      link(slot);
    }
  }

  private int bucket(long key) {
    return (int) (key >>> 32) & buckets.length - 1;
  }

  private void link(int slot) {
    int bucket = bucket(keys[slot]);
    int first = buckets[bucket];
    before[slot] = NONE;
    after[slot] = first;
    if (first != NONE) {
      before[first] = slot;
    }
    buckets[bucket] = slot;
  }

  private void unlink(int slot) {
    if (before[slot] == NONE) {
      buckets[bucket(keys[slot])] = after[slot];
    } else {
      after[before[slot]] = after[slot];
    }
    if (after[slot] != NONE) {
      before[after[slot]] = before[slot];
    }
  }

  private int number(String name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    if (names.size() == MOST_NAMES) {
      return 0;
    }
    names.add(name);
    numbers.put(name, names.size() - 1);
    return names.size() - 1;
  }

  /** The slash stands in no id. */
  private static long hash(long seed, long prime, String keyId, String id) {
    long hash = keyId == null ? seed : step(hash(seed, prime, keyId), prime, '/');
    return mixed(hash(hash, prime, id));
  }

  private static long hash(long seed, long prime, String text) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = step(hash, prime, text.charAt(i));
    }
    return hash;
  }

  private static long step(long hash, long prime, char next) {
    return Long.rotateLeft((hash ^ next) * prime, 29);
  }

  private static long mixed(long hash) {
    long mixed = (hash ^ hash >>> 32) * PRIME;
    return mixed ^ mixed >>> 29;
  }
}
