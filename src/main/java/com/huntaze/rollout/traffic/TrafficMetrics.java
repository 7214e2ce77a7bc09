package com.huntaze.rollout.traffic;

/**
 * The settings and the counts of a splitter.
 *
 * @param percentage the share that was set, 0..100
 * @param foundry how many requests it sent to Foundry
 * @param legacy how many it sent to legacy
 */
public record TrafficMetrics(int percentage, long foundry, long legacy) {

  /** All requests that were split. */
  public long total() {
    return foundry + legacy;
  }

  /** The share that Foundry really got, 0..1; 0 while nothing was split. */
  public double foundryShare() {
    return total() == 0 ? 0 : (double) foundry / total();
  }

  /** The sum of two splitters' counts, under this one's percentage. */
  public TrafficMetrics plus(TrafficMetrics other) {
    return new TrafficMetrics(percentage, foundry + other.foundry, legacy + other.legacy);
  }
}
