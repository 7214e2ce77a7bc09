package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that an alert comes from: whoever has several must see at once which one it is.
 *
 * @param environment such as {@code production}, or null
 * @param home the replica that tells it, at the address that people reach it at
 * @param links where people go from here
 */
record AlertOrigin(String environment, AlertHome home, AlertLinks links) {
  /** Nothing is known of it. */
  static final AlertOrigin UNKNOWN =
      new AlertOrigin(null, new AlertHome("", "", false, "", List.of()), AlertLinks.NONE);

  /** The same proxy by other settings. */
  static AlertOrigin of(AlertHome home, AlertSettings settings) {
    AlertLinks links = settings.links();
    String dashboard = links.dashboard();
    String admin = dashboard == null ? home.admin() : dashboard.replaceAll("/+$", "");
    return new AlertOrigin(settings.environment(), home.at(admin), links);
  }

  /**
   * The environment and the replica in a few words, such as {@code production, replica 3fa9c1d2}.
   */
  String text() {
    String replica = home.replica();
    String where = replica.isEmpty() ? "" : "replica " + replica;
    if (environment == null) {
      return where;
    }
    return where.isEmpty() ? environment : environment + ", " + where;
  }

  /** The next thing to do about an alert: a command or a sentence; empty = nothing. */
  Optional<String> next(Alert.Kind kind) {
    return NextStep.of(kind).map(step -> step.text(home));
  }

  /** The facts that a receiver's program may want, by name; no value is null. */
  Map<String, String> fields(Alert alert) {
    Map<String, String> fields = new LinkedHashMap<>();
    put(fields, "environment", environment);
    put(fields, "replica", home.replica().isEmpty() ? null : home.replica());
    put(fields, "dashboard", links.dashboard());
    put(fields, "runbook", links.runbook(alert.kind().label()));
    put(fields, "next", next(alert.kind()).orElse(null));
    return fields;
  }

  private static void put(Map<String, String> fields, String name, String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
