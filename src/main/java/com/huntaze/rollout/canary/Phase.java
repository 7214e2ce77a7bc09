package com.huntaze.rollout.canary;

/**
 * A phase of a rollout by its name: {@code initial}, one of the configured stages (the seed's are
 * {@code canary_10}, {@code canary_50} and {@code full}), or {@code rollback}.
 */
public record Phase(String name) {
  /** Nothing started: all traffic on legacy. */
  public static final Phase INITIAL = new Phase("initial");

  /** Rolled back: all traffic on legacy until a person begins a new epoch. */
  public static final Phase ROLLBACK = new Phase("rollback");

  @Override
  public String toString() {
    return name;
  }
}
