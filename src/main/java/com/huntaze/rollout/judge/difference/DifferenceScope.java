package com.huntaze.rollout.judge.difference;

import java.util.List;

/**
 * The extent of a comparison.
 *
 * @param traits by which users are compared
 * @param users of both sides that are known at most; of more a fair sample is kept
 * @param kept users that a checkpoint has at most
 * @param leastWell Foundry's exchanges that a recovery takes at least
 */
public record DifferenceScope(List<Trait> traits, int users, int kept, long leastWell) {
  /** All traffic, by everything that a client feels. */
  public static final DifferenceScope WHOLE = new DifferenceScope(Trait.ALL, 4_096, 1_024, 50);

  /** One part of the traffic, by failures, refusals and slowness. */
  public static final DifferenceScope SEGMENT =
      new DifferenceScope(
          List.of(Trait.ERRORS, Trait.THROTTLED, Trait.LATENCY, Trait.FIRST_CONTENT), 512, 32, 20);
}
