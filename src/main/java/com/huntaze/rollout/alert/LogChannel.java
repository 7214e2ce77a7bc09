package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alerts as lines of the log. */
final class LogChannel implements AlertChannel {
  private static final Logger log = LoggerFactory.getLogger(LogChannel.class);

  @Override
  public Future<Attempted> send(Notice notice) {
    Alert alert = notice.alert();
    if (alert.severity() == Severity.INFO) {
      log.info("Alert ({}): {}", alert.kind().label(), notice.sentence());
    } else {
      log.warn(
          "Alert ({}, {}): {}", alert.severity().label(), alert.kind().label(), notice.sentence());
    }
    return Future.succeededFuture(new Attempted.Delivered());
  }
}
