package com.huntaze.rollout.failover;

/**
 * The state of a provider's circuit breaker. Every change of its kind and every trial that ends has
 * a new, larger generation.
 */
public sealed interface BreakerState {
  /** The stamp that permits carry, so that late results can be told. */
  long generation();

  /**
   * Requests pass.
   *
   * @param failures the consecutive failures so far
   */
  record Closed(long generation, int failures) implements BreakerState {}

  /**
   * Nothing passes.
   *
   * @param sinceMillis when it opened, monotonic
   * @param trialsFromMillis when the timer should call {@link BreakerMachine#halfOpen}
   */
  record Open(long generation, long sinceMillis, long trialsFromMillis) implements BreakerState {}

  /**
   * One trial at a time passes.
   *
   * @param trialTaken whether one is under way
   */
  record HalfOpen(long generation, boolean trialTaken) implements BreakerState {}
}
