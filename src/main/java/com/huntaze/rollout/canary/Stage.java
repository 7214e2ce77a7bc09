package com.huntaze.rollout.canary;

/**
 * One step of the ladder.
 *
 * @param index zero-based place on the ladder
 * @param phase its name
 * @param percentage Foundry's share in it, 1..100
 */
public record Stage(int index, Phase phase, int percentage) {
  /** The index of everything that is not on the ladder: initial and rollback. */
  public static final int NONE = -1;
}
