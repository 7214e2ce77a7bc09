package com.huntaze.rollout.cost;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The prices of each model's tokens over time. Immutable. */
public final class PriceBook {
  private final Map<String, Model> byName;

  /** A model's prices, the newest first. */
  private record Model(String name, List<DatedPrice> prices) {
    Price at(long millis) {
      int last = prices.size() - 1;
      int i = 0;
      while (i < last && prices.get(i).from > millis) {
        i++;
      }
      return prices.get(i).price;
    }
  }

  /** A price, and from when on it holds: wall clock in milliseconds. The oldest has always held. */
  private record DatedPrice(long from, Price price) {}

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

  private static List<DatedPrice> prices(ModelPriceSettings model, long per) {
    TreeMap<Long, Price> prices = new TreeMap<>();
    prices.put(Long.MIN_VALUE, model.prices().price(per));
    for (PriceChangeSettings change : model.changes()) {
      long from =
          LocalDate.parse(change.from()).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      prices.put(from, change.prices().price(per));
    }
    return prices.descendingMap().entrySet().stream()
        .map(entry -> new DatedPrice(entry.getKey(), entry.getValue()))
        .toList();
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
    return Optional.ofNullable(at(model, atMillis));
  }

  /** The same; {@code null} if nobody has told it. */
  Price at(String model, long atMillis) {
    Model found = find(model);
    return found == null ? null : found.at(atMillis);
  }

  /** The name under which a model stands in the list, if it does, under whichever it is asked. */
  public Optional<String> listed(String model) {
    Model found = find(model);
    return found == null ? Optional.empty() : Optional.of(found.name);
  }

  /** The same, or the name that is asked if it does not; {@code null} stays {@code null}. */
  public String listedOrOwn(String model) {
    Model found = find(model);
    return found == null ? model : found.name;
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
