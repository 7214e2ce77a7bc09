package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    if (alert.severity() == Severity.INFO) {
      log.atInfo()
          .addKeyValue(ACTION, alert.kind().label())
          .log("Alert ({}): {}", alert.kind().label(), notice.sentence());
    } else {
      log.atWarn()
          .addKeyValue(ACTION, alert.kind().label())
          .log(
              "Alert ({}, {}): {}",
              alert.severity().label(),
              alert.kind().label(),
              notice.sentence());
    }
    return Future.succeededFuture(new Attempted.Delivered());
  }
}
