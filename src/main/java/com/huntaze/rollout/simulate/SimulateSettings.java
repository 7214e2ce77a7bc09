package com.huntaze.rollout.simulate;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.List;

/**
 * Simulated providers and traffic, for demos and tests.
 *
 * @param foundryPort the port of the simulated router, on loopback; 0 takes a free one
 * @param legacyPort the port of the simulated legacy backend, on loopback; 0 takes a free one
 * @param requestsPerSecond the simulated traffic; 0 sends none
 */
public record SimulateSettings(
    @Setting(
            value = "The loopback port of the simulated router; 0 takes a free one.",
            byDefault = "18000",
            min = "0",
            max = "65535")
        int foundryPort,
    @Setting(
            value = "The loopback port of the simulated legacy backend; 0 takes a free one.",
            byDefault = "18001",
            min = "0",
            max = "65535")
        int legacyPort,
    @Setting(
            value = "The simulated traffic; 0 sends none.",
            byDefault = "20",
            min = "0",
            max = "100000",
            unit = "requests/s")
        int requestsPerSecond)
    implements Checked {

  @Override
  public List<Problem> check() {
    if (foundryPort == 0 || foundryPort != legacyPort) {
      return List.of();
    }
    String expectation = "a port other than foundryPort";
    return List.of(new Problem("legacyPort", Integer.toString(legacyPort), expectation));
  }
}
