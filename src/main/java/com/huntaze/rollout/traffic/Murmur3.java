package com.huntaze.rollout.traffic;

/**
 * MurmurHash3, the x86 32-bit variant (Austin Appleby, public domain reference: SMHasher).
 *
 * <p>Chosen over a cryptographic hash because flag systems in other languages use it too, so that
 * the same key falls on the same side there; see {@link StickyBuckets}.
 */
final class Murmur3 {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private Murmur3() {}

  /** The hash of all of {@code data} with the given seed. */
  static int hash32(byte[] data, int seed) {
    int h = seed;
    int blocks = data.length & ~3;
    for (int i = 0; i < blocks; i += 4) {
      h ^= scramble(littleEndian(data, i));
      h = Integer.rotateLeft(h, 13) * 5 + 0xe6546b64;
    }
    h ^= scramble(tail(data, blocks));
    return finish(h ^ data.length);
  }

  private static int littleEndian(byte[] data, int at) {
    return (data[at] & 0xff)
        | (data[at + 1] & 0xff) << 8
        | (data[at + 2] & 0xff) << 16
        | (data[at + 3] & 0xff) << 24;
  }

  private static int tail(byte[] data, int from) {
    int k = 0;
    for (int i = data.length - 1; i >= from; i--) {
      k = k << 8 | data[i] & 0xff;
    }
    return k;
  }

  private static int scramble(int k) {
    return Integer.rotateLeft(k * C1, 15) * C2;
  }

  private static int finish(int hash) {
    int h = hash;
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
