package com.huntaze.rollout.canary;

import java.util.Locale;

/**
 * What people are told without having asked.
 *
 * @param kind what it is about; alerts of one kind and sentence are one
 * @param sentence action, subject, measure, actual, comparator, limit
 * @param at wall clock in milliseconds
 */
public record Alert(Kind kind, String sentence, long at) {

  /** What alerts are about, with how bad it is. */
  public enum Kind {
    ROLLBACK(Severity.CRITICAL),
    PROMOTION(Severity.INFO),
    THRESHOLD(Severity.WARNING),
    HOLD(Severity.WARNING),
    STATE_NOT_DURABLE(Severity.CRITICAL),
    STATE_DURABLE(Severity.INFO),
    STATE_DAMAGED(Severity.CRITICAL),
    LEADERSHIP(Severity.INFO);

    private final Severity severity;

    Kind(Severity severity) {
      this.severity = severity;
    }

    /** How bad it is. */
    public Severity severity() {
      return severity;
    }

    /** The name on the wire: {@code state_not_durable}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How bad it is. */
  public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    /** The name on the wire. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Severity severity() {
    return kind.severity;
  }
}
