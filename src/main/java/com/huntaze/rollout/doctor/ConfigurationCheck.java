package com.huntaze.rollout.doctor;

import java.util.ArrayList;
import java.util.List;

/** Remarks on a configuration that is valid. */
public final class ConfigurationCheck {
  private static final String NAME = "configuration";

  private final String file;
  private final String mode;
  private final boolean simulated;

  /**
   * @param mode {@code foundry}, {@code legacy} or {@code canary}
   * @param simulated whether both providers are simulated
   */
  public ConfigurationCheck(String file, String mode, boolean simulated) {
    this.file = file;
    this.mode = mode;
    this.simulated = simulated;
  }

  /** As a check. */
  public Check check() {
    return new Check(NAME, this::look);
  }

  private List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(NAME, "%s is valid, mode %s".formatted(file, mode)));
    if (simulated) {
      findings.add(
          Finding.warn(
              "providers", "both are simulated: nothing reaches a model", "remove simulate"));
    }
    return findings;
  }
}
