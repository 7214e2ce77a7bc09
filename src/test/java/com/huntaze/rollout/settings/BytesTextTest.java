package com.huntaze.rollout.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTextTest {
  @ParameterizedTest
  @CsvSource({
    "0MB, 0",
    "1kB, 1000",
    "1KB, 1000",
    "512KiB, 524288",
    "8MB, 8000000",
    "32MiB, 33554432",
    "1GB, 1000000000",
    "1GiB, 1073741824",
    "1TB, 1000000000000",
    "1TiB, 1099511627776",
    "999999999999TiB, 1099511627774900488372224"
  })
  void readsEachUnit(String text, BigDecimal bytes) {
    assertThat(BytesText.parse(text)).hasValueSatisfying(it -> assertThat(it).isEqualTo(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "32", "MiB", "32mib", "32 MiB", "-1MB", "1.5MB", "32Mi", "32M", "32MiBs"})
  void takesNothingElse(String text) {
    assertThat(BytesText.parse(text)).isEmpty();
  }
}
