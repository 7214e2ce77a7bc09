package com.huntaze.rollout.health;

import java.util.HashMap;
import java.util.Map;

/**
 * Sums by model, of at most 32 models: a provider that names a new model in every answer must not
 * fill the memory. All further ones, and names that are too long, are one model {@value #OTHER}.
 */
final class ModelTallies {
  static final String OTHER = "other";

  private static final int MOST_MODELS = 32;
  private static final int LONGEST_NAME = 128;

  private final Map<String, ModelTally> byModel = new HashMap<>();

  void add(String model, ModelTally more) {
    byModel.merge(keptName(model), more, ModelTally::plus);
  }

  void addAll(Map<String, ModelTally> more) {
    more.forEach(this::add);
  }

  Map<String, ModelTally> copy() {
    return Map.copyOf(byModel);
  }

  private String keptName(String model) {
    boolean kept =
        byModel.containsKey(model)
            || byModel.size() < MOST_MODELS && model.length() <= LONGEST_NAME;
    return kept ? model : OTHER;
  }
}
