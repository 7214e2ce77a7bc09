package com.huntaze.rollout.simulate;

import com.huntaze.rollout.provider.Provider;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A model that the backends offer, and the router's choice among them. */
enum Model {
  DEEPSEEK_R1("DeepSeek-R1"),
  DEEPSEEK_V3("DeepSeek-V3"),
  LLAMA("Llama-3.3-70B"),
  MISTRAL_LARGE("Mistral-Large-2411"),
  PHI_MINI("Phi-4-mini"),
  PHI_MULTIMODAL("Phi-4-Multimodal"),
  SPEECH_BATCH("Azure-Speech-Batch");

  private static final Map<String, Model> BY_HINT =
      Map.of(
          "math", DEEPSEEK_R1,
          "coding", DEEPSEEK_V3,
          "creative", MISTRAL_LARGE,
          "visual", PHI_MULTIMODAL,
          "audio", PHI_MULTIMODAL,
          "multimodal", PHI_MULTIMODAL);

  private final String label;

  Model(String label) {
    this.label = label;
  }

  /** Its name in requests, answers and price lists. */
  String label() {
    return label;
  }

  /** Its deployment's name. */
  String deployment() {
    return label.toLowerCase(Locale.ROOT).replace('.', '-') + "-prod";
  }

  /** The model of a name, or the one that is deployed under it. */
  static Optional<Model> named(String name) {
    for (Model model : values()) {
      if (model.label.equals(name) || model.deployment().equals(name)) {
        return Optional.of(model);
      }
    }
    return Optional.empty();
  }

  /**
   * The model that answers. The router goes by the hint, then by language and tier; legacy knows
   * two models and the tier only. Both of legacy's are on the price list, so that costs can be
   * compared.
   */
  static Model choose(Provider provider, String typeHint, String languageHint, String tier) {
    boolean vip = "vip".equals(tier);
    if (provider == Provider.LEGACY) {
      return vip ? MISTRAL_LARGE : LLAMA;
    }
    Model hinted = typeHint == null ? null : BY_HINT.get(typeHint);
    if (hinted != null) {
      return hinted;
    }
    if ("fr".equals(languageHint)) {
      return MISTRAL_LARGE;
    }
    return vip ? LLAMA : PHI_MINI;
  }
}
