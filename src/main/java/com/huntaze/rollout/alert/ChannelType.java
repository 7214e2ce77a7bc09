package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.function.BiFunction;

/** The kinds of alert channels, each with the keys of its settings and how it is made. */
public enum ChannelType {
  /** A line in the log. */
  LOG(Set.of(), Set.of(), (vertx, settings) -> new LogChannel()),
  /** An incoming webhook of Slack. */
  SLACK(Set.of("url"), Set.of(), SlackChannel::new),
  /** A POST of JSON, signed when a secret is given. */
  WEBHOOK(Set.of("url"), Set.of("secret"), WebhookChannel::new),
  /** A workflow of Microsoft Teams. */
  TEAMS(Set.of("url"), Set.of(), TeamsChannel::new),
  /** Incidents at PagerDuty. */
  PAGERDUTY(Set.of("key"), Set.of("url"), PagerDutyChannel::new),
  /** Incidents at Opsgenie. */
  OPSGENIE(Set.of("key"), Set.of("url"), OpsgenieChannel::new),
  /** A mail over SMTP. */
  EMAIL(Set.of("host", "from", "to"), Set.of("port", "username", "password"), EmailChannel::new);

  private final Set<String> needed;
  private final Set<String> optional;
  private final BiFunction<Vertx, ChannelSettings, AlertChannel> maker;

  /**
   * @param needed the keys that must be given
   * @param optional the keys that may be given as well
   * @param maker makes a channel by its settings
   */
  ChannelType(
      Set<String> needed,
      Set<String> optional,
      BiFunction<Vertx, ChannelSettings, AlertChannel> maker) {
    this.needed = needed;
    this.optional = optional;
    this.maker = maker;
  }

  boolean needs(String key) {
    return needed.contains(key);
  }

  boolean allows(String key) {
    return needed.contains(key) || optional.contains(key);
  }

  /** Returns whether a channel that is told of a severity and above is told of an alert. */
  boolean takes(Alert alert, Severity least) {
    return switch (this) {
      case PAGERDUTY, OPSGENIE -> Incident.concerns(alert, least);
      case LOG, SLACK, WEBHOOK, TEAMS, EMAIL -> alert.severity().compareTo(least) >= 0;
    };
  }

  /** Tells whether what is told there has a beginning and an end. */
  boolean hasIncidents() {
    return switch (this) {
      case PAGERDUTY, OPSGENIE -> true;
      case LOG, SLACK, WEBHOOK, TEAMS, EMAIL -> false;
    };
  }

  AlertChannel channel(Vertx vertx, ChannelSettings settings) {
    return maker.apply(vertx, settings);
  }
}
