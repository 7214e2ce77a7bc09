package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Alert.Kind;
import com.huntaze.rollout.canary.Severity;
import java.util.List;

/**
 * Alerts as services for people on call see them: one opens an incident, or ends some. However
 * often and from however many replicas the same is told, it is one incident. Pure.
 */
final class Incident {
  private Incident() {}

  /** The kinds that are over with an alert. */
  static List<Kind> endedBy(Kind kind) {
    return switch (kind) {
      case PROMOTION -> List.of(Kind.HOLD, Kind.THRESHOLD);
      case ROLLBACK_OVER -> List.of(Kind.ROLLBACK, Kind.HOLD, Kind.THRESHOLD);
      case THRESHOLD_OVER,
          HOLD_OVER,
          BREAKER_CLOSED,
          PROVIDER_UP,
          STATE_DURABLE,
          CONFIGURATION_DRIFT_OVER,
          CLUSTER_PARTED_OVER ->
          List.of(kind.opposite().orElseThrow());
      case ROLLBACK,
          THRESHOLD,
          HOLD,
          DRY_RUN,
          CONVERSATIONS_LEFT,
          BREAKER_OPEN,
          PROVIDER_DOWN,
          PRICE_UNKNOWN,
          STATE_NOT_DURABLE,
          STATE_DAMAGED,
          CONFIGURATION_REFUSED,
          CERTIFICATE_REFUSED,
          TOKEN_REFUSED,
          CONFIGURATION_DRIFT,
          CLUSTER_PARTED,
          LEADERSHIP ->
          List.of();
    };
  }

  /**
   * Returns whether a service that is told of a severity and above needs the alert: news for
   * information opens no incident, and may end one.
   */
  static boolean concerns(Alert alert, Severity least) {
    return endedBy(alert.kind()).isEmpty()
        ? isIncident(alert.kind(), least)
        : !endedBy(alert.kind(), least).isEmpty();
  }

  /** The kinds that are over with an alert, of those that the service was told of. */
  static List<Kind> endedBy(Kind kind, Severity least) {
    return endedBy(kind).stream().filter(ended -> isIncident(ended, least)).toList();
  }

  private static boolean isIncident(Kind kind, Severity least) {
    Severity severity = kind.severity();
    return severity != Severity.INFO && severity.compareTo(least) >= 0;
  }

  /** The incident's name, the same for all that is one: 255 characters at most. */
  static String key(AlertOrigin origin, Kind kind, String subject) {
    String where = origin.environment() == null ? "rollout-proxy" : origin.environment();
    return "%s/%s/%s".formatted(where, kind.label(), subject);
  }
}
