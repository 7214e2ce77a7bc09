package com.huntaze.rollout.health;

import java.util.Locale;

/** What is judged. */
public enum Metric {
  /** The share of failed exchanges. */
  ERROR_RATE,
  /** The 95th percentile of the latency. */
  LATENCY_P95,
  /** The mean cost of an exchange. */
  COST_PER_REQUEST,
  /** The error rate against legacy's. */
  BASELINE,
  /** The share of answers 404 against legacy's. */
  NOT_FOUND,
  /** The circuit breaker. */
  BREAKER;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Short and stable, for JSON, metrics and logs. */
  public String label() {
    return label;
  }
}
