package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives every alert that is not kept back to each channel that it is severe enough for. */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final int REMEMBERED = 1_000;
  private static final int SHOWN = 200;

  private final Vertx vertx;
  private final Cooldowns cooldowns;
  private final RecentAlerts recent = new RecentAlerts(SHOWN);
  private final AlertMeters meters;
  private final Teller teller = new Teller();
  private List<Delivery> deliveries = List.of();
  private AlertOrigin origin = AlertOrigin.UNKNOWN;

  Dispatcher(Vertx vertx, AlertHome home, AlertSettings settings, MeterRegistry registry) {
    this.vertx = vertx;
    cooldowns = new Cooldowns(settings.cooldown().toMillis(), REMEMBERED);
    meters = new AlertMeters(registry);
    configure(home, settings);
  }

  /** Goes on with other channels; one that has its name and its settings already stays. */
  void configure(AlertHome home, AlertSettings settings) {
    cooldowns.configure(settings.cooldown().toMillis());
    origin = AlertOrigin.of(home, settings);
    List<Delivery> before = deliveries;
    List<Delivery> now = new ArrayList<>();
    Channels.named(settings.channels())
        .forEach(
            (name, channel) ->
                now.add(
                    before.stream()
                        .filter(delivery -> delivery.is(name, channel))
                        .findFirst()
                        .orElseGet(() -> delivery(name, channel))));
    deliveries = List.copyOf(now);
    before.stream().filter(delivery -> !now.contains(delivery)).forEach(Delivery::retire);
  }

  private Delivery delivery(String name, ChannelSettings settings) {
    meters.channel(name);
    AlertChannel channel = settings.type().channel(vertx, settings);
    return new Delivery(vertx, name, settings, channel, Backoff.STANDARD, this::became);
  }

  /**
   * @param nowMillis monotonic
   */
  boolean raise(Alert alert, long nowMillis) {
    meters.raised(alert);
    Optional<DueAlert> due = cooldowns.offer(alert, nowMillis);
    due.ifPresentOrElse(
        each -> send(each, nowMillis),
        () -> taking(alert).forEach(delivery -> delivery.suppressed()));
    return due.isPresent();
  }

  /** Ends the incidents of a process before this one; whoever reads alerts is told of nothing. */
  void well(Alert end) {
    if (teller.tells(end.kind())) {
      Notice notice = new Notice(NoticeId.of(end), end, origin, 0);
      taking(end).stream()
          .filter(Delivery::hasIncidents)
          .forEach(delivery -> delivery.take(notice));
    }
  }

  /** Records a message that should have been an alert and is none. */
  void refuse(String why) {
    meters.refused();
    log.debug("Refused an alert: {}", why);
  }

  /**
   * Sends what was kept back long enough.
   *
   * @param nowMillis monotonic
   */
  void sendDue(long nowMillis) {
    cooldowns.due(nowMillis).forEach(each -> send(each, nowMillis));
  }

  /**
   * Takes note of who tells of what happens to the rollout, and sends what was kept for another.
   *
   * @param self whether this replica does
   */
  void tells(boolean self, long nowMillis) {
    teller
        .tells(self, nowMillis)
        .forEach(
            notice ->
                taking(notice.alert()).stream()
                    .filter(delivery -> !delivery.isLog())
                    .forEach(delivery -> delivery.take(notice)));
  }

  private void send(DueAlert due, long nowMillis) {
    String id = NoticeId.of(due.alert());
    Notice notice = new Notice(id, due.alert(), origin, due.suppressed());
    recent.add(notice);
    List<Delivery> taking = taking(due.alert());
    if (taking.stream().noneMatch(Delivery::isLog) && !isInLog(due.alert())) {
      // Nobody wants it as an alert in the log; as history it is there all the same.
      LogChannel.tagged(
          due.alert().kind(),
          () -> log.atLevel(LogChannel.level(due.alert())).log("{}", notice.sentence()));
    }
    // Each replica has a log of its own, and people are told once.
    boolean now = teller.offer(notice, nowMillis);
    taking.stream()
        .filter(delivery -> now || delivery.isLog())
        .forEach(delivery -> delivery.take(notice));
  }

  /** A log that stands still throws INFO lines away, but none by which alarms go. */
  private static boolean isInLog(Alert alert) {
    return alert.kind().transition() && alert.severity() == Severity.INFO;
  }

  private List<Delivery> taking(Alert alert) {
    return deliveries.stream().filter(delivery -> delivery.takes(alert)).toList();
  }

  private void became(Notice notice, String channel, DeliveryStatus status) {
    meters.became(channel, status);
    if (notice != null) {
      recent.became(notice.id(), channel, status);
    }
  }

  /** Tries once more what is left; ends when nothing is, which a dead channel can put off. */
  Future<Void> finish() {
    List<Future<Void>> ends = deliveries.stream().map(Delivery::finish).toList();
    return Future.join(ends).mapEmpty();
  }

  /** The latest alerts, newest first, and the state of the channels. */
  JsonObject json() {
    JsonArray channels = new JsonArray();
    deliveries.forEach(delivery -> channels.add(delivery.json()));
    return new JsonObject().put("alerts", recent.json()).put("channels", channels);
  }
}
