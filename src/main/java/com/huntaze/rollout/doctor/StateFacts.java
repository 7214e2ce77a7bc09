package com.huntaze.rollout.doctor;

import java.util.List;

/**
 * The facts in the files of a state directory.
 *
 * @param damages one sentence for each file that cannot be read
 * @param standing where the rollout stands after them; empty = no state is kept
 */
public record StateFacts(List<String> damages, String standing) {
  /** Keeps a copy of the list. */
  public StateFacts {
    damages = List.copyOf(damages);
  }
}
