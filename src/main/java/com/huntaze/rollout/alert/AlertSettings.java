package com.huntaze.rollout.alert;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;
import java.util.List;

/**
 * The receivers of alerts, and the pace at which they get them.
 *
 * @param channels the channels
 * @param environment the name that alerts begin with, or null
 * @param links where people go from an alert, and from a request
 * @param cooldown how long the same alert is not repeated
 */
public record AlertSettings(
    @Setting(
            value = "The channels that alerts go to.",
            byDefault = "[{'type': 'log', 'minSeverity': 'warning'}]")
        List<ChannelSettings> channels,
    @Setting(
            value = "The name of the environment, such as `production`: each alert has it.",
            byDefault = "null",
            pattern = "^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$",
            expected = "up to 63 letters, digits, spaces, dots, lines")
        String environment,
    @Setting("Where people go from an alert, and from a request on the dashboard.")
        AlertLinks links,
    @Setting(
            value = "How long the same alert is not repeated; 0s repeats it each time.",
            byDefault = "'5m'",
            min = "0s",
            max = "7d")
        Duration cooldown) {

  /** Copies the list, so that the record never changes. */
  public AlertSettings {
    channels = List.copyOf(channels);
  }
}
