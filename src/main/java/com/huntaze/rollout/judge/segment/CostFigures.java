package com.huntaze.rollout.judge.segment;

import com.huntaze.rollout.judge.window.Figure;

/**
 * The costs of Foundry's last answers, at most {@value RecentCosts#MOST} of the present stage: a
 * mean over its limit may be one answer's, or everybody's.
 *
 * @param answers of known cost
 * @param dearestNano nano-USD
 * @param medianNano nano-USD, the lower one of two
 */
public record CostFigures(int answers, long dearestNano, long medianNano) {
  /**
   * A clause, such as {@code the dearest of the last 2000 cost 201 USD, the median is 0.004 USD}.
   */
  public String sentence() {
    return "the dearest of the last %d cost %s, the median is %s"
        .formatted(answers, Figure.usd(dearestNano), Figure.usd(medianNano));
  }
}
