package com.huntaze.rollout.cli;

import com.huntaze.rollout.settings.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as the configuration has them: {@code 60s}, {@code 10m}. */
final class SecondsConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    return DurationText.parse(value)
        .orElseThrow(
            () -> new TypeConversionException("%s (expected: such as 60s)".formatted(value)));
  }
}
