package com.huntaze.rollout.alert;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;
import java.util.List;

/**
 * The receivers of alerts, and the pace at which they get them.
 *
 * @param channels the channels
 * @param cooldown how long the same alert is not repeated
 */
public record AlertSettings(
    @Setting(
            value = "The channels that alerts go to.",
            byDefault = "[{'type': 'log', 'minSeverity': 'warning'}]")
        List<ChannelSettings> channels,
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
