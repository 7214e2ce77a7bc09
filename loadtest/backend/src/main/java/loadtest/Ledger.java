package loadtest;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backend says that it is owed, by model. It reads the price file itself and shares no code
 * with the proxy, so that two books that agree are two that are right. Of one event loop.
 *
 * <p>An answer is entered when its last byte was handed to the socket: what was broken off is not
 * here, and the proxy can only estimate it.
 */
final class Ledger {
  private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000L);

  private final Map<String, long[]> rows = new TreeMap<>();
  private final Map<String, BigDecimal[]> prices = new TreeMap<>();
  private final long skew;

  /**
   * @param prices the price file
   * @param skew tokens that are left out of each answer's entry: 0, but to show that checks fail
   */
  Ledger(JsonObject prices, long skew) {
    this.skew = skew;
    BigDecimal per = BigDecimal.valueOf(prices.getLong("per", 1_000L));
    JsonObject models = prices.getJsonObject("models");
    for (String model : models.fieldNames()) {
      JsonObject price = models.getJsonObject(model);
      this.prices.put(
          model,
          new BigDecimal[] {nano(price, "input", per), nano(price, "output", per)});
    }
  }

  private static BigDecimal nano(JsonObject price, String side, BigDecimal per) {
    return new BigDecimal(price.getString(side)).multiply(NANO).divide(per);
  }

  boolean knows(String model) {
    return prices.containsKey(model);
  }

  void enter(String model, long input, long output) {
    long[] row = rows.computeIfAbsent(model, name -> new long[4]);
    BigDecimal[] price = prices.get(model);
    long billed = output - skew;
    BigDecimal cost =
        price[0]
            .multiply(BigDecimal.valueOf(input))
            .add(price[1].multiply(BigDecimal.valueOf(billed)));
    row[0]++;
    row[1] += input;
    row[2] += billed;
    row[3] += cost.longValueExact();
  }

  JsonObject json() {
    JsonObject all = new JsonObject();
    rows.forEach(
        (model, row) ->
            all.put(
                model,
                new JsonObject()
                    .put("requests", row[0])
                    .put("inputTokens", row[1])
                    .put("outputTokens", row[2])
                    .put("costNanoUsd", row[3])));
    return all;
  }
}
