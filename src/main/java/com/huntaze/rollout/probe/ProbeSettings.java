package com.huntaze.rollout.probe;

import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * The active health probe of one provider.
 *
 * @param path the path that is asked
 * @param interval the time between two probes
 * @param timeout how long an answer may take
 * @param failures the failures in a row that mean down
 */
public record ProbeSettings(
    @Setting(
            value = "The path that is asked.",
            byDefault = "'/health'",
            pattern = Forms.PATH,
            expected = Forms.PATH_WORDS)
        String path,
    @Setting(value = "The time between two probes.", byDefault = "'1s'", min = "10ms", max = "1h")
        Duration interval,
    @Setting(value = "How long an answer may take.", byDefault = "'1s'", min = "10ms", max = "1m")
        Duration timeout,
    @Setting(
            value = "The failures in a row that mean that the provider is down.",
            byDefault = "2",
            min = "1",
            max = "100")
        int failures) {
  private static final Duration MOST_PATIENCE = Duration.ofSeconds(3);

  /**
   * Returns the time that a client is kept waiting until it is known whether a provider that fell
   * silent is down: with the hold-back's 2 s never more than the 5 s of requirement 6.1.
   */
  public Duration patience() {
    Duration known = interval.plus(timeout.multipliedBy(failures));
    return known.compareTo(MOST_PATIENCE) < 0 ? known : MOST_PATIENCE;
  }
}
