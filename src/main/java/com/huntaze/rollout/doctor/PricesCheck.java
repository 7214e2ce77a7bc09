package com.huntaze.rollout.doctor;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** The check that costs can be known. */
public final class PricesCheck {
  private static final String NAME = "prices";
  private static final int SHOWN = 5;

  private final String file;
  private final int models;
  private final Callable<Set<String>> unpriced;

  /**
   * @param file where prices come from
   * @param models how many have a price
   * @param unpriced the models that were served and have none, after the books
   */
  public PricesCheck(String file, int models, Callable<Set<String>> unpriced) {
    this.file = file;
    this.models = models;
    this.unpriced = unpriced;
  }

  /** As a check. */
  public Check check() {
    return new Check(NAME, () -> List.of(look()));
  }

  private Finding look() throws Exception {
    if (models == 0) {
      return Finding.warn(
          NAME,
          "%s: no model has a price, so no cost is known or judged".formatted(file),
          "a price file, such as conf/prices.json");
    }
    List<String> without = unpriced.call().stream().sorted().toList();
    if (without.isEmpty()) {
      return Finding.ok(NAME, "%s: %d models".formatted(file, models));
    }
    String names = String.join(", ", without.subList(0, Math.min(SHOWN, without.size())));
    return Finding.warn(
        NAME,
        "%d models were served that have no price: %s%s"
            .formatted(without.size(), names, without.size() > SHOWN ? " …" : ""),
        "add them to %s, or as aliases of those that it has".formatted(file));
  }
}
