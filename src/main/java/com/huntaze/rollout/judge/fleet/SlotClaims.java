package com.huntaze.rollout.judge.fleet;

import java.util.List;

/** The claims of a source of a process. Deeply immutable: it crosses threads by reference. */
public record SlotClaims(List<SlotClaim> claims) {
  /** Copies the list, so that the record never changes. */
  public SlotClaims {
    claims = List.copyOf(claims);
  }
}
