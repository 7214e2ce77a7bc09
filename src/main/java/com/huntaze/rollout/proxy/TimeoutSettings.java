package com.huntaze.rollout.proxy;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.DurationText;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.time.Duration;
import java.util.List;

/**
 * The deadlines of a request, from its start and with all attempts included.
 *
 * @param toFirstContent until the first content of the answer
 * @param fallbackReserve the part of it that is kept for legacy
 * @param stream until the end of a streamed answer
 */
public record TimeoutSettings(
    @Setting(
            value = "From the start of a request to the first content of its answer.",
            byDefault = "'55s'",
            min = "10ms",
            max = "1h")
        Duration toFirstContent,
    @Setting(
            value = "The part of `toFirstContent` that is kept for legacy; less than all of it.",
            byDefault = "'20s'",
            min = "0s",
            max = "1h")
        Duration fallbackReserve,
    @Setting(
            value = "From the start of a request to the end of a streamed answer.",
            byDefault = "'15m'",
            min = "10ms",
            max = "24h")
        Duration stream)
    implements Checked {

  @Override
  public List<Problem> check() {
    if (fallbackReserve.compareTo(toFirstContent) < 0) {
      return List.of();
    }
    String expectation = "less than toFirstContent, " + DurationText.format(toFirstContent);
    String value = DurationText.format(fallbackReserve);
    return List.of(new Problem("fallbackReserve", value, expectation));
  }
}
