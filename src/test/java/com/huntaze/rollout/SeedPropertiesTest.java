package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each of the seed's ten properties has a test of the product: with the seed's tag and requirement
 * numbers, at least 100 tries, and in every build.
 */
class SeedPropertiesTest {
  private static final String TAG =
      "**Feature: azure-foundry-production-rollout, Property %d: %s**";
  private static final Pattern TRIES = Pattern.compile("@Property\\(tries = ([0-9A-Z_]+)");
  private static final int LEAST_TRIES = 100;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|Feature flag routing correctness|3.1, 3.2|ModeRoutingPropertyIT",
        "2|Agent type routing correctness|3.3, 3.4, 3.5, 3.6|AgentRoutingPropertyIT",
        "3|Response metadata completeness|3.8, 5.1|MetadataPropertyIT",
        "4|Fallback on failure|3.7, 6.1|FallbackPropertyIT",
        "5|Canary traffic distribution|4.1|TrafficSplitPropertyIT",
        "6|Rollback trigger correctness|4.4, 4.5, 4.6|RollbackDecisionPropertyTest",
        "7|Retry with exponential backoff|6.2|RetryWaitPropertyIT",
        "8|Circuit breaker state machine|6.4, 6.5|BreakerVerticlePropertyTest",
        "9|Logging completeness|2.5, 5.1|LoggingPropertyIT",
        "10|Authentication enforcement|2.3|AuthenticationPropertyIT"
      })
  void isTestedOnTheProduct(int number, String text, String requirements, String test)
      throws IOException {
    String source = source(test);
    assertThat(source).contains(TAG.formatted(number, text));
    assertThat(source).contains("Validates: Requirements " + requirements + ".");
    List<Integer> tries =
        TRIES
            .matcher(source)
            .results()
            .map(found -> Integer.valueOf(number(source, found.group(1))))
            .toList();
    assertThat(tries).isNotEmpty().allMatch(each -> each >= LEAST_TRIES);
    assertThat(source).doesNotContain("@Tag(\"heavy\")", "@Tag(\"long\")");
  }

  private static String source(String test) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      Path file = files.filter(path -> path.endsWith(test + ".java")).findFirst().orElseThrow();
      return Files.readString(file);
    }
  }

  /** A number, or the value of the constant of that name. */
  private static String number(String source, String word) {
    Matcher constant = Pattern.compile("int " + word + " = ([0-9]+);").matcher(source);
    return constant.find() ? constant.group(1) : word.replace("_", "");
  }
}
