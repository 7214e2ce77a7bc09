package com.huntaze.rollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StickyBucketsTest {

  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'', 1, 514E28B7",
    "hello, 0, 248bfa47",
    "r-2026-06-01:user-1, 0, 72726636",
    "r-2026-06-01:user-2, 0, 417a72bd",
    "r-2026-06-01:alice@example.com, 0, 68febc0f",
    "r-2026-06-02:user-1, 0, 94992353",
    "r-2026-06-01:zażółć, 0, f36c063f"
  })
  void hashesAsTheReferenceDoes(String text, int seed, String hash) {
    assertThat(Murmur3.hash32(text.getBytes(StandardCharsets.UTF_8), seed))
        .isEqualTo(Integer.parseUnsignedInt(hash, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "r-2026-06-01, user-1, 4470",
    "r-2026-06-01, user-2, 2557",
    "r-2026-06-01, alice@example.com, 4101",
    "r-2026-06-02, user-1, 5804",
    "r-2026-06-01, zażółć, 9508"
  })
  void putsKeysIntoTheGoldenBuckets(String salt, String key, int bucket) {
    assertThat(StickyBuckets.bucket(salt, key)).isEqualTo(bucket);
  }

  @Test
  void scalesTheExtremesIntoRange() {
    assertThat(StickyBuckets.scale(0)).isZero();
    assertThat(StickyBuckets.scale(-1)).isEqualTo(9_999);
  }
}
