package com.huntaze.rollout.judge.fleet;

/**
 * A process's wish to show the sequential tests an exchange of a user in a slot of ten seconds,
 * which is to be the fleet's only one.
 *
 * @param user hash of the user
 * @param slot its number, by a clock that all processes have roughly in common
 */
public record SlotClaim(long user, long slot) {}
