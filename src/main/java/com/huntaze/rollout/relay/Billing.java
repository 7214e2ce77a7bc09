package com.huntaze.rollout.relay;

import com.huntaze.rollout.cost.Consumption;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.UsageSettings;
import com.huntaze.rollout.meters.ProxyMeters;

/**
 * The means by which the request path tells an answer's cost.
 *
 * @param enriches whether answers are told their cost
 * @param usage how streams are asked for their usage, and who is told of it
 * @param meters where defects of the tap are counted
 */
public record Billing(PriceBook prices, boolean enriches, UsageSettings usage, ProxyMeters meters) {

  /** Returns the cost of a consumption now. */
  public Cost cost(Consumption consumption) {
    return consumption.cost(prices, System.currentTimeMillis());
  }

  /** The tap has failed on an answer; the answer has not. */
  void tapFailed(RuntimeException defect) {
    meters.tapFailed(defect);
  }
}
