package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Alerts as lines of the log. Their field {@code event.action} is the kind of the alert: alarms go
 * by it, since a sentence may be worded anew.
 */
final class LogChannel implements AlertChannel {
  private static final Logger log = LoggerFactory.getLogger(LogChannel.class);

  /** The field's name in the Elastic Common Schema. */
  static final String ACTION = "event.action";

  @Override
  public Future<Attempted> send(Notice notice) {
    Alert alert = notice.alert();
    tagged(alert.kind(), () -> write(alert, notice));
    return Future.succeededFuture(new Attempted.Delivered());
  }

  /** Writes lines that have the field. The encoder writes the fields of the thread's context. */
  static void tagged(Alert.Kind kind, Runnable lines) {
    MDC.put(ACTION, kind.label());
    try {
      lines.run();
    } finally {
      MDC.remove(ACTION);
    }
  }

  /** The level of its lines: warnings are never thrown away, however slow the log is. */
  static Level level(Alert alert) {
    return alert.severity() == Severity.INFO ? Level.INFO : Level.WARN;
  }

  private static void write(Alert alert, Notice notice) {
    if (level(alert) == Level.INFO) {
      log.info("Alert ({}): {}", alert.kind().label(), notice.sentence());
    } else {
      log.warn(
          "Alert ({}, {}): {}", alert.severity().label(), alert.kind().label(), notice.sentence());
    }
  }
}
