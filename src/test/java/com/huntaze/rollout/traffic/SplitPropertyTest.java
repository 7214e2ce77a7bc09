package com.huntaze.rollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** Validates: Requirements 4.1. */
class SplitPropertyTest {

  @Property(tries = 500)
  @Tag("azure-foundry-production-rollout-property-5")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 5: keyless requests are split within"
          + " 5 points of the target at any N of at least 100**")
  void splitsKeylessRequestsWithinFivePoints(
      @ForAll @IntRange(min = 0, max = 100) int percentage,
      @ForAll @IntRange(min = 100, max = 5_000) int requests,
      @ForAll long start) {
    TrafficSplitter splitter = new TrafficSplitter("any", new GoldenRatioSequence(start));
    splitter.updatePercentage(percentage);
    long foundry =
        IntStream.range(0, requests).filter(i -> splitter.shouldUseFoundry(null)).count();
    assertThat(100.0 * foundry / requests).isBetween(percentage - 5.0, percentage + 5.0);
  }

  @Property(tries = 100)
  @Tag("azure-foundry-production-rollout-property-5")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 5: sticky keys are split within 5"
          + " points of the target over 2,000 distinct keys**")
  void splitsDistinctKeysWithinFivePoints(
      @ForAll @IntRange(min = 0, max = 100) int percentage,
      @ForAll @AlphaChars @StringLength(min = 1, max = 12) String salt) {
    TrafficSplitter splitter = new TrafficSplitter(salt, new GoldenRatioSequence(0));
    splitter.updatePercentage(percentage);
    long foundry =
        IntStream.range(0, 2_000).filter(i -> splitter.shouldUseFoundry("user-" + i)).count();
    assertThat(foundry / 20.0).isBetween(percentage - 5.0, percentage + 5.0);
  }

  @Property(tries = 200)
  @Tag("azure-foundry-production-rollout-property-5")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 5: a larger share never takes a key"
          + " away from Foundry**")
  void growsMonotonically(
      @ForAll @IntRange(min = 0, max = 100) int one,
      @ForAll @IntRange(min = 0, max = 100) int other,
      @ForAll @StringLength(min = 1, max = 40) String key) {
    TrafficSplitter splitter = new TrafficSplitter("salt", new GoldenRatioSequence(0));
    splitter.updatePercentage(Math.min(one, other));
    boolean before = splitter.shouldUseFoundry(key);
    splitter.updatePercentage(Math.max(one, other));
    assertThat(splitter.shouldUseFoundry(key) || !before).isTrue();
  }
}
