package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Future;

/** A service that keeps incidents: it is told of each that begins, and of each that is over. */
abstract class IncidentChannel implements AlertChannel {
  private final Severity least;

  /**
   * @param least the least severity that the service is told of
   */
  IncidentChannel(Severity least) {
    this.least = least;
  }

  @Override
  public final Future<Attempted> send(Notice notice) {
    Alert alert = notice.alert();
    if (Incident.endedBy(alert.kind()).isEmpty()) {
      return open(Incident.key(notice.from(), alert.kind(), alert.subject()), notice);
    }
    Future<Attempted> sent = Future.succeededFuture(new Attempted.Delivered());
    for (Alert.Kind kind : Incident.endedBy(alert.kind(), least)) {
      // Ended twice is ended: after a failure all of them are told again.
      sent =
          sent.compose(
              before ->
                  before instanceof Attempted.Delivered
                      ? end(Incident.key(notice.from(), kind, alert.subject()), notice)
                      : Future.succeededFuture(before));
    }
    return sent;
  }

  /** Begins an incident, or tells more of it. */
  abstract Future<Attempted> open(String key, Notice notice);

  /** An incident is over; one that never began is no failure. */
  abstract Future<Attempted> end(String key, Notice notice);
}
