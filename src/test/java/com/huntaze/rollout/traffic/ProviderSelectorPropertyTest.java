package com.huntaze.rollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Validates: Requirements 3.1, 3.2. */
class ProviderSelectorPropertyTest {

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-1")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 1: for any request and mode, the"
          + " provider is the one that the mode names, and canary splits**")
  void choosesTheProviderThatTheModeNames(
      @ForAll ProviderMode mode,
      @ForAll @IntRange(min = 0, max = 100) int percentage,
      @ForAll String rawKey,
      @ForAll boolean keyed,
      @ForAll long start) {
    TrafficSplitter splitter = new TrafficSplitter("salt", new GoldenRatioSequence(start));
    TrafficSplitter twin = new TrafficSplitter("salt", new GoldenRatioSequence(start));
    splitter.updatePercentage(percentage);
    twin.updatePercentage(percentage);
    String key = keyed ? UserKey.normalise(rawKey) : null;

    ProviderChoice choice = new ProviderSelector(splitter).choose(mode, key);

    switch (mode) {
      case FOUNDRY -> assertThat(choice).isEqualTo(chosen(Provider.FOUNDRY, Reason.MODE));
      case LEGACY -> assertThat(choice).isEqualTo(chosen(Provider.LEGACY, Reason.MODE));
      case CANARY -> {
        Provider expected = twin.shouldUseFoundry(key) ? Provider.FOUNDRY : Provider.LEGACY;
        assertThat(choice).isEqualTo(chosen(expected, key == null ? Reason.WEIGHT : Reason.STICKY));
      }
    }
  }

  @Property(tries = 200)
  @Tag("azure-foundry-production-rollout-property-1")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 1: unjudged keyless requests take no"
          + " step of the split**")
  void leavesTheSequenceAloneForUnjudgedRequests(
      @ForAll ProviderMode mode,
      @ForAll @IntRange(min = 0, max = 100) int percentage,
      @ForAll long start) {
    TrafficSplitter splitter = new TrafficSplitter("salt", new GoldenRatioSequence(start));
    splitter.updatePercentage(percentage);
    Provider provider = new ProviderSelector(splitter).chooseUnjudged(mode, null).provider();

    assertThat(splitter.metrics().total()).isZero();
    boolean foundry =
        mode == ProviderMode.FOUNDRY || mode == ProviderMode.CANARY && percentage == 100;
    assertThat(provider).isEqualTo(foundry ? Provider.FOUNDRY : Provider.LEGACY);
  }

  @Property(tries = 200)
  void aShareOfFoundrysIsWithdrawnWhenItIsZero(
      @ForAll ProviderMode mode,
      @ForAll @IntRange(min = 0, max = 100) int before,
      @ForAll @IntRange(min = 0, max = 100) int after,
      @ForAll boolean keyed,
      @ForAll long start) {
    TrafficSplitter splitter = new TrafficSplitter("salt", new GoldenRatioSequence(start));
    ProviderSelector selector = new ProviderSelector(splitter);
    splitter.updatePercentage(before);
    ProviderChoice choice = selector.choose(mode, keyed ? "user" : null);
    splitter.updatePercentage(after);

    boolean byShare = mode == ProviderMode.CANARY && choice.provider() == Provider.FOUNDRY;
    assertThat(selector.withdrawn(choice)).isEqualTo(byShare && after == 0);
    assertThat(selector.withdrawn(chosen(Provider.FOUNDRY, Reason.OVERRIDE))).isFalse();
  }

  private static ProviderChoice chosen(Provider provider, Reason reason) {
    return new ProviderChoice(provider, reason);
  }
}
