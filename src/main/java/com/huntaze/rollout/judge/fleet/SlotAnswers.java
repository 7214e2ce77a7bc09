package com.huntaze.rollout.judge.fleet;

import java.util.List;

/**
 * The answers to claims of this process: granted, or refused. Deeply immutable: it crosses threads
 * by reference.
 */
public record SlotAnswers(List<SlotClaim> granted, List<SlotClaim> refused) {
  /** Copies the lists, so that the record never changes. */
  public SlotAnswers {
    granted = List.copyOf(granted);
    refused = List.copyOf(refused);
  }

  /** All of them are granted. */
  public static SlotAnswers granted(List<SlotClaim> claims) {
    return new SlotAnswers(claims, List.of());
  }

  /** Tells whether it answers nothing. */
  public boolean isEmpty() {
    return granted.isEmpty() && refused.isEmpty();
  }
}
