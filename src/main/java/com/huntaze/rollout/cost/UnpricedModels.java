package com.huntaze.rollout.cost;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices the models whose price nobody has told, each once. Thread-safe and bounded. Without any
 * price at all nobody wants to know costs, and none is noticed.
 */
public final class UnpricedModels {
  private static final int MANY = 50;

  private final int room;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  public UnpricedModels(PriceBook prices) {
    room = prices.models().isEmpty() ? 0 : MANY;
  }

  /** The model of a charge, if only its price is missing and it is seen for the first time. */
  public Optional<String> firstSeen(Charge charge) {
    if (!charge.unpriced() || charge.model() == null || told.size() >= room) {
      return Optional.empty();
    }
    return told.add(charge.model().toLowerCase(Locale.ROOT))
        ? Optional.of(charge.model())
        : Optional.empty();
  }
}
