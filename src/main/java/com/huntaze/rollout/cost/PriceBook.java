package com.huntaze.rollout.cost;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What each model's tokens cost, and when. Immutable. */
public final class PriceBook {
  private final Map<String, Model> byName;

  /** A model's prices by the time from which on they hold, wall clock in milliseconds. */
  private record Model(String name, TreeMap<Long, Price> prices) {}

  private PriceBook(Map<String, Model> byName) {
    this.byName = byName;
  }

  /** The book of a price list that has been checked. */
  public static PriceBook of(PriceListSettings list) {
    Map<String, Model> byName = new HashMap<>();
    list.models()
        .forEach(
            (name, settings) -> {
              Model model = new Model(name, prices(settings, list.per()));
              put(byName, name, model);
              settings.aliases().forEach(alias -> put(byName, alias, model));
            });
    return new PriceBook(byName);
  }

  private static TreeMap<Long, Price> prices(ModelPriceSettings model, long per) {
    TreeMap<Long, Price> prices = new TreeMap<>();
    prices.put(Long.MIN_VALUE, model.prices().price(per));
    for (PriceChangeSettings change : model.changes()) {
      long from =
          LocalDate.parse(change.from()).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      prices.put(from, change.prices().price(per));
    }
    return prices;
  }

  /** Both as it is written and in lower case: most lookups need not fold it. */
  private static void put(Map<String, Model> byName, String name, Model model) {
    byName.put(name, model);
    byName.put(name.toLowerCase(Locale.ROOT), model);
  }

  /**
   * A model's price at a time; empty if nobody has told it.
   *
   * @param atMillis wall clock
   */
  public Optional<Price> price(String model, long atMillis) {
    Model found = find(model);
    return found == null
        ? Optional.empty()
        : Optional.of(found.prices.floorEntry(atMillis).getValue());
  }

  /** The name under which a model stands in the list, if it does, under whichever it is asked. */
  public Optional<String> listed(String model) {
    Model found = find(model);
    return found == null ? Optional.empty() : Optional.of(found.name);
  }

  /** The names of the models. */
  public List<String> models() {
    return byName.values().stream().map(Model::name).distinct().sorted().toList();
  }

  private Model find(String model) {
    if (model == null) {
      return null;
    }
    Model found = byName.get(model);
    return found == null ? byName.get(model.toLowerCase(Locale.ROOT)) : found;
  }
}
