package com.huntaze.rollout.judge.difference;

import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.Map;

/**
 * The knowledge of the comparison that is kept over a restart, in plain numbers and texts.
 *
 * @param level how often half of the users were forgotten
 * @param times how many answers took how long, see {@link UserTable}
 * @param ofFoundry Foundry's exchanges, by trait
 * @param users the sums of at most so many users as the scope keeps, see {@link UserSums#text}
 * @param looks what was found by each trait
 */
public record DifferenceState(
    int level,
    List<Integer> times,
    List<Long> ofFoundry,
    Map<Provider, List<String>> users,
    Map<Trait, Look> looks) {
  /** Copies the lists, so that the record never changes; what is missing has never been. */
  public DifferenceState {
    times = times == null ? List.of() : List.copyOf(times);
    ofFoundry = ofFoundry == null ? List.of() : List.copyOf(ofFoundry);
    users = users == null ? Map.of() : Map.copyOf(users);
    looks = looks == null ? Map.of() : Map.copyOf(looks);
  }

  /**
   * The last look at a trait.
   *
   * @param taken how many looks there have been
   * @param next Foundry's exchanges at the next
   * @param lnChance what it found, see {@link Difference}
   * @param lnNeeded what is believed
   * @param worse whether Foundry is worse
   */
  public record Look(int taken, long next, double lnChance, double lnNeeded, boolean worse) {}
}
