package com.huntaze.rollout.cost;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The price file.
 *
 * @param currency USD
 * @param per for how many tokens the prices are
 * @param models the prices by model
 */
public record PriceListSettings(
    @Setting(
            value = "The currency of the prices.",
            byDefault = "'USD'",
            pattern = "^USD$",
            expected = "USD")
        String currency,
    @Setting(
            value = "For how many tokens the prices are.",
            byDefault = "1000",
            min = "1",
            max = "1000000000",
            unit = "tokens")
        long per,
    @Setting(
            value = "The prices by the model's name as answers tell it; case does not matter.",
            byDefault = "{}",
            keyPattern = ModelPriceSettings.NAME,
            keyExpected = ModelPriceSettings.NAME_WORDS)
        Map<String, ModelPriceSettings> models)
    implements Checked {

  /** No price is known. */
  public static final PriceListSettings EMPTY = new PriceListSettings("USD", 1_000, Map.of());

  /** Copies the map, so that the record never changes. */
  public PriceListSettings {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    Map<String, String> owners = new LinkedHashMap<>();
    models.keySet().forEach(name -> claim(owners, name, name, "models", problems));
    models.forEach(
        (name, model) -> {
          for (int i = 0; i < model.aliases().size(); i++) {
            String path = "models." + name + ".aliases[" + i + "]";
            claim(owners, model.aliases().get(i), name, path, problems);
          }
        });
    return problems;
  }

  private static void claim(
      Map<String, String> owners, String name, String model, String path, List<Problem> problems) {
    String owner = owners.putIfAbsent(name.toLowerCase(Locale.ROOT), model);
    if (owner != null) {
      problems.add(new Problem(path, '"' + name + '"', "a name that " + owner + " has not"));
    }
  }
}
