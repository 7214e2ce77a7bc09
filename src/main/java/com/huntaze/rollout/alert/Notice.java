package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An alert on its way to the channels.
 *
 * @param id the same for every channel and every attempt, so that receivers can tell repetitions
 * @param from the proxy that it comes from
 * @param suppressed how many like it were kept back since the last one that was sent
 */
record Notice(String id, Alert alert, AlertOrigin from, int suppressed) {

  /** The sentence, and how many others it stands for. */
  String sentence() {
    return suppressed == 0
        ? alert.sentence()
        : "%s (and %d like it since the last alert)".formatted(alert.sentence(), suppressed);
  }

  /** The line above the sentence: {@code [critical] production rollback}. */
  String title() {
    String where = from.environment() == null ? "" : from.environment() + " ";
    return "[%s] %s%s".formatted(alert.severity().label(), where, alert.kind().label());
  }

  /** All that a receiver's program may want to know. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>(alert.fields());
    fields.put("id", id);
    fields.put("suppressed", suppressed);
    fields.putAll(from.fields(alert));
    return fields;
  }
}
