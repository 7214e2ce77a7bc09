package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.math.BigDecimal;
import java.util.List;

/**
 * The limit on the average cost of a request.
 *
 * @param limit the largest healthy average, in USD, without trailing zeros, at most 9 decimals
 * @param action what happens above it
 */
public record CostSettings(
    @Setting(
            value = "The largest healthy average cost of a request.",
            byDefault = "0.10",
            min = "0",
            max = "1000",
            unit = "USD")
        BigDecimal limit,
    @Setting(
            value =
                "What happens above the limit. With `alert` and `observe` it is noted once a stage"
                    + " what `rollback` would have done.",
            byDefault = "'rollback'")
        Action action)
    implements Checked {

  /** Drops trailing zeros, so that equal amounts are equal records. */
  public CostSettings {
    limit = limit.stripTrailingZeros();
  }

  /** The limit in nano-USD, in which costs are counted; {@link #check} says that it is whole. */
  public long limitNano() {
    return limit.movePointRight(9).longValueExact();
  }

  @Override
  public List<Problem> check() {
    // Costs are counted in whole nano-dollars.
    if (limit.scale() <= 9) {
      return List.of();
    }
    return List.of(new Problem("limit", limit.toString(), "at most 9 decimals"));
  }
}
