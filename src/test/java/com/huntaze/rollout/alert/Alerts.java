package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;

/** Alerts for tests. */
final class Alerts {
  private Alerts() {}

  static Alert of(Alert.Kind kind, String subject) {
    return Alert.of(kind, subject, kind.label() + " " + subject + ": measure 2 > 1", 0);
  }

  static Notice notice(Alert.Kind kind, String subject) {
    return new Notice("msg_" + subject, of(kind, subject), AlertOrigin.UNKNOWN, 0);
  }
}
