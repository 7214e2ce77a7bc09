package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySketchTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5})
  void aFewKeysAreCountedExactly(int keys) {
    assertThat(sketch(0, keys).count()).isEqualTo(keys);
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 500, 2_000})
  void manyKeysAreEstimated(int keys) {
    assertThat(sketch(0, keys).count()).isCloseTo(keys, within((long) (0.1 * keys)));
  }

  @Test
  void oneUserOnManySourcesIsOneKey() {
    assertThat(sketch(0, 2).union(sketch(0, 2)).union(sketch(1, 2)).count()).isEqualTo(2);
  }

  @Test
  void tooManyKeysAreMany() {
    assertThat(sketch(0, 100_000).count()).isEqualTo(KeySketch.MANY);
  }

  @Test
  void itsWordsBringItBack() {
    assertThat(KeySketch.of(sketch(0, 77).words())).isEqualTo(sketch(0, 77));
  }

  private static KeySketch sketch(int from, int to) {
    long[] words = new long[KeySketch.WORDS];
    for (int i = from; i < to; i++) {
      KeySketch.add(words, UserSampler.hash("user-" + i));
    }
    return KeySketch.of(words);
  }
}
