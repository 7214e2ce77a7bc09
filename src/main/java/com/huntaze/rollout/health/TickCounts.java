package com.huntaze.rollout.health;

import com.huntaze.rollout.provider.Provider;
import java.util.EnumMap;
import java.util.Map;

/** What one tick found new, summed over the sources. */
final class TickCounts {
  private final Map<Provider, Tally> all = new EnumMap<>(Provider.class);
  private final Map<Provider, SampledTally> sampled = new EnumMap<>(Provider.class);
  private KeySketch foundryKeys = KeySketch.EMPTY;

  void add(Provider provider, Tally more, SampledTally moreSampled, KeySketch keys) {
    all.merge(provider, more, Tally::plus);
    sampled.merge(provider, moreSampled, SampledTally::plus);
    if (provider == Provider.FOUNDRY) {
      foundryKeys = foundryKeys.union(keys);
    }
  }

  Tally of(Provider provider) {
    return all.getOrDefault(provider, Tally.NONE);
  }

  SampledTally sampled(Provider provider) {
    return sampled.getOrDefault(provider, SampledTally.NONE);
  }

  /** Foundry's user keys of this tick, and maybe of earlier ones. */
  KeySketch foundryKeys() {
    return foundryKeys;
  }
}
