package com.huntaze.rollout.traffic;

import java.nio.charset.StandardCharsets;

/**
 * Puts a user key into one of 10,000 buckets, the same one on every replica and after every
 * restart.
 *
 * <p>{@code bucket = floor(murmur3_x86_32(utf8(salt + ":" + key)) / 2^32 * 10_000)}. The bucket is
 * compared with a threshold that only grows, so a key that is in at 10 % is in at 50 % and at 100
 * %, and a stage moves exactly the keys between the old threshold and the new one.
 */
public final class StickyBuckets {
  /** The number of buckets: a weight is given in basis points. */
  public static final int BUCKETS = 10_000;

  private StickyBuckets() {}

  /** The bucket of a key, 0..9999. */
  public static int bucket(String salt, String key) {
    byte[] bytes = (salt + ":" + key).getBytes(StandardCharsets.UTF_8);
    return scale(Murmur3.hash32(bytes, 0));
  }

  /** Projects 32 uniform bits on 0..9999 without the bias of a modulo. */
  static int scale(int bits) {
    return (int) ((bits & 0xFFFF_FFFFL) * BUCKETS >>> 32);
  }
}
