package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.math.BigDecimal;
import java.util.List;

/**
 * The limit on the share of failed requests.
 *
 * @param limit the largest share that is healthy, 0..1 in steps of 0.0001 (one basis point)
 * @param action what happens above it
 */
public record ErrorRateSettings(
    @Setting(
            value = "The largest healthy share of failed requests, in steps of 0.0001.",
            byDefault = "0.05",
            min = "0",
            max = "1")
        double limit,
    @Setting(
            value =
                "What happens above the limit. With `alert` and `observe` it is noted once a stage"
                    + " what `rollback` would have done.",
            byDefault = "'rollback'")
        Action action)
    implements Checked {

  /** The limit in basis points, in which the plain rule counts: 500 is 5 %. */
  public int limitBasisPoints() {
    return (int) Math.round(limit * 10_000);
  }

  @Override
  public List<Problem> check() {
    // The verdict is exact integer arithmetic in basis points: a finer limit would be another one.
    if (BigDecimal.valueOf(limit).stripTrailingZeros().scale() <= 4) {
      return List.of();
    }
    return List.of(new Problem("limit", Double.toString(limit), "at most 4 decimals"));
  }
}
