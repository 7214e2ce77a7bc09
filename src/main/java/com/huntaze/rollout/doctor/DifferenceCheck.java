package com.huntaze.rollout.doctor;

import com.huntaze.rollout.settings.HttpUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

/** The check that foundry and legacy are two things: a canary of one tells nothing. */
public final class DifferenceCheck {
  private static final String NAME = "two providers";

  private final HttpUrl foundry;
  private final HttpUrl legacy;

  public DifferenceCheck(HttpUrl foundry, HttpUrl legacy) {
    this.foundry = foundry;
    this.legacy = legacy;
  }

  /** As a check. */
  public Check check() {
    return new Check(NAME, () -> List.of(look()));
  }

  private Finding look() {
    String remedy = "AI_ROUTER_URL and AI_LEGACY_URL with two different backends";
    if (foundry.equals(legacy)) {
      return Finding.fail(NAME, "foundry and legacy are both " + foundry, remedy);
    } else if (foundry.port() == legacy.port()
        && foundry.path().equals(legacy.path())
        && sameMachine()) {
      return Finding.warn(
          NAME,
          "%s and %s are one address, port and path".formatted(foundry, legacy),
          remedy + ", unless they are told apart by name");
    }
    return Finding.ok(NAME, "foundry and legacy are different");
  }

  private boolean sameMachine() {
    try {
      Set<InetAddress> ofLegacy = Set.of(InetAddress.getAllByName(legacy.host()));
      return List.of(InetAddress.getAllByName(foundry.host())).stream()
          .anyMatch(ofLegacy::contains);
    } catch (UnknownHostException told) {
      return false;
    }
  }
}
