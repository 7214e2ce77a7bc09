package com.huntaze.rollout.judge.window;

import java.util.Arrays;
import java.util.List;

/**
 * A set of user keys that can be counted and united, in 128 bytes: linear counting over 1,024 bits
 * (Whang, Vander-Zanden, Taylor: A linear-time probabilistic counting algorithm, 1990). A count of
 * a source cannot be added to another's, because one user's requests come in on several; sets can.
 *
 * <p>Up to a few hundred keys the count is exact but for collisions, which only lower it. Once all
 * bits are set there are over 5,000 keys, and the count is {@link #MANY}. Immutable.
 */
public final class KeySketch {
  /** Too many keys to be told apart. */
  static final long MANY = Long.MAX_VALUE / 2;

  public static final int WORDS = 16;
  public static final KeySketch EMPTY = new KeySketch(new long[WORDS]);

  private static final int BITS = WORDS * Long.SIZE;

  private final long[] words;

  private KeySketch(long[] words) {
    this.words = words;
  }

  /** The set whose bits are these words, at most {@value #WORDS}; missing ones are empty. */
  public static KeySketch of(long[] words) {
    return new KeySketch(Arrays.copyOf(words, WORDS));
  }

  /** The set that {@link #words()} told of. */
  public static KeySketch of(List<Long> words) {
    return of(words.stream().mapToLong(Long::longValue).toArray());
  }

  /** Puts a key into the words of a set that is being gathered. */
  public static void add(long[] words, long keyHash) {
    int bit = (int) (UserSampler.mix(keyHash) >>> Long.SIZE - 10);
    words[bit >>> 6] |= 1L << (bit & 63);
  }

  /** The keys of both. */
  public KeySketch union(KeySketch other) {
    long[] both = words.clone();
    for (int i = 0; i < WORDS; i++) {
      both[i] |= other.words[i];
    }
    return new KeySketch(both);
  }

  /** Returns the number of keys in it. */
  public long count() {
    int set = Arrays.stream(words).mapToInt(Long::bitCount).sum();
    return set == BITS ? MANY : (long) (-BITS * Math.log1p(-(double) set / BITS));
  }

  /** For a checkpoint. */
  public List<Long> words() {
    return Arrays.stream(words).boxed().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeySketch sketch && Arrays.equals(words, sketch.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }
}
