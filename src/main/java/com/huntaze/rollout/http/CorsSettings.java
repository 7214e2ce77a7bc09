package com.huntaze.rollout.http;

import com.huntaze.rollout.settings.Setting;
import java.util.List;

/**
 * The pages of other origins that may read what the proxy answers.
 *
 * @param origins exact origins, or {@code *} for all; empty leaves it to the providers
 */
public record CorsSettings(
    @Setting(
            value =
                "The origins whose pages may call: exact ones, or `*`. Their preflights are"
                    + " answered by the proxy, and answers that say nothing of it allow them."
                    + " Empty leaves it to the providers.",
            byDefault = "[]",
            pattern = CorsSettings.ORIGIN,
            expected = CorsSettings.ORIGIN_WORDS)
        List<String> origins) {
  static final String ORIGIN =
      "^(\\*|https?://([a-z0-9-]+(\\.[a-z0-9-]+)*|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?)$";
  static final String ORIGIN_WORDS = "* or an origin such as https://app.example, in lower case";

  /** Copies the list, so that the record never changes. */
  public CorsSettings {
    origins = List.copyOf(origins);
  }
}
