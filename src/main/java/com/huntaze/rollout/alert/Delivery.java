package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to one channel, one notice at a time, each again and again until it has arrived, is
 * refused or has failed too often; the end of an incident is owed until it arrives. Other channels
 * do not wait for it. Lives on the alert verticle's context.
 */
final class Delivery {
  private static final Logger log = LoggerFactory.getLogger(Delivery.class);
  private static final int ROOM = 100;
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final String name;
  private final ChannelSettings settings;
  private final AlertChannel channel;
  private final Backoff backoff;
  private final Listener listener;
  private final DeliveryQueue queue = new DeliveryQueue(ROOM, this::matters);
  private final OwedEnds owed = new OwedEnds(ROOM);
  private final DeliveryState state = new DeliveryState();
  private Notice current;
  private int failed;
  private long waiting = NO_TIMER;
  private long owing = NO_TIMER;

  /** The ends that are owed and may be tried once more now, behind all that waits. */
  private int payable;

  private Promise<Void> idle;

  /** Hears what becomes of each notice. */
  interface Listener {
    /**
     * @param notice {@code null} = one that was kept back and never began
     */
    void became(Notice notice, String channel, DeliveryStatus status);
  }

  Delivery(
      Vertx vertx,
      String name,
      ChannelSettings settings,
      AlertChannel channel,
      Backoff backoff,
      Listener listener) {
    this.vertx = vertx;
    this.name = name;
    this.settings = settings;
    this.channel = channel;
    this.backoff = backoff;
    this.listener = listener;
  }

  /** Returns whether it is the channel of this name, and delivers by these settings. */
  boolean is(String otherName, ChannelSettings otherSettings) {
    return name.equals(otherName) && settings.equals(otherSettings);
  }

  /**
   * Nobody is given to it any more: what is left is tried once more, then its clients are closed.
   */
  void retire() {
    finish().onComplete(ended -> channel.close());
  }

  boolean takes(Alert alert) {
    return settings.type().takes(alert, settings.minSeverity());
  }

  boolean hasIncidents() {
    return settings.type().hasIncidents();
  }

  boolean isLog() {
    return settings.type() == ChannelType.LOG;
  }

  private boolean matters(Notice notice) {
    return notice.alert().severity() == Severity.CRITICAL || isEnd(notice);
  }

  private boolean isEnd(Notice notice) {
    return hasIncidents() && OwedEnds.isEnd(notice, settings.minSeverity());
  }

  void take(Notice notice) {
    owed.overtaken(notice.alert()).forEach(end -> became(end, DeliveryStatus.FAILED));
    became(notice, DeliveryStatus.QUEUED);
    queue.offer(notice).ifPresent(dropped -> became(dropped, DeliveryStatus.DROPPED));
    next();
  }

  /** An alert was kept back that this channel would have been told of. */
  void suppressed() {
    became(null, DeliveryStatus.SUPPRESSED);
  }

  private void next() {
    if (current != null) {
      return;
    }
    failed = 0;
    current = queue.next().orElse(null);
    if (current == null && payable > 0) {
      payable--;
      failed = backoff.attempts() - 1;
      current = owed.next().orElse(null);
    }
    if (current != null) {
      attempt();
    } else if (idle != null) {
      idle.tryComplete();
    }
  }

  private void attempt() {
    waiting = NO_TIMER;
    tried().onComplete(this::attempted, defect -> attempted(defect(defect)));
  }

  private Future<Attempted> tried() {
    try {
      return channel.send(current);
    } catch (RuntimeException defect) {
      return Future.failedFuture(defect);
    }
  }

  private static Attempted defect(Throwable failure) {
    return new Attempted.Refused(FailureWords.of(failure));
  }

  private void attempted(Attempted result) {
    if (result instanceof Attempted.Delivered) {
      if (state.consecutiveFailures() > 0) {
        log.info("Alert channel {} delivers again", name);
      }
      state.succeeded(Instant.now());
      payable = owed.size();
      ended(DeliveryStatus.DELIVERED);
    } else if (result instanceof Attempted.Refused refused) {
      failed(refused.why());
      ended(DeliveryStatus.FAILED);
    } else if (result instanceof Attempted.Failed again) {
      failed(again.why());
      retry(again.hintMillis());
    } else {
      throw new AssertionError(result);
    }
  }

  private void failed(String why) {
    if (state.consecutiveFailures() == 0) {
      log.warn("Alert channel {} does not deliver: {}", name, why);
    }
    failed++;
    state.failed(why, Instant.now());
  }

  private void retry(long hintMillis) {
    boolean last = failed >= backoff.attempts() || idle != null;
    if (last && idle == null && isOwed(current)) {
      owed.owe(current).ifPresent(dropped -> became(dropped, DeliveryStatus.FAILED));
      owing = owing == NO_TIMER ? vertx.setTimer(backoff.millis(failed, 0), due -> pay()) : owing;
      ended(DeliveryStatus.RETRYING);
    } else if (last) {
      ended(DeliveryStatus.FAILED);
    } else {
      became(current, DeliveryStatus.RETRYING);
      waiting = vertx.setTimer(backoff.millis(failed, hintMillis), again -> attempt());
    }
  }

  /** An incident that begins again behind it is not over. */
  private boolean isOwed(Notice notice) {
    return isEnd(notice) && !queue.any(later -> OwedEnds.isOvertaken(notice, later.alert()));
  }

  private void pay() {
    owing = NO_TIMER;
    payable = owed.size();
    next();
  }

  private void ended(DeliveryStatus status) {
    Notice notice = current;
    current = null;
    became(notice, status);
    next();
  }

  private void became(Notice notice, DeliveryStatus status) {
    if (status.ended()) {
      state.ended(status);
    }
    listener.became(notice, name, status);
  }

  /** Tries what is left once more each, at once; the future ends when nothing is left. */
  Future<Void> finish() {
    idle = Promise.promise();
    vertx.cancelTimer(owing);
    payable = owed.size();
    if (waiting != NO_TIMER && vertx.cancelTimer(waiting)) {
      attempt();
    }
    next();
    return idle.future();
  }

  JsonObject json() {
    return new JsonObject()
        .put("channel", name)
        .put("minSeverity", settings.minSeverity().label())
        .put("queued", queue.size() + owed.size() + (current == null ? 0 : 1))
        .mergeIn(state.json());
  }
}
