package com.huntaze.rollout.judge.fleet;

import com.huntaze.rollout.judge.window.UserSampler;

/**
 * Grants each slot of a user once in the whole fleet. The memory is fixed.
 *
 * <p>A slot is the claimant's own number for it, held to the present slot here and the one before:
 * where clocks agree nothing is lost at a slot's edge, and a clock that is wrong, or a member that
 * lies, gains no slots, because each is granted once and there is one more every ten seconds.
 */
public final class SlotOwner {
  /** The part of a claim that tells the user, on its way. */
  public static final int MARK_BITS = 40;

  private static final int LOW_BITS = 8;

  private final UserSampler once = new UserSampler();

  /** A claim as it goes to the owner: forty bits for the user, eight for the slot. */
  public static long mark(SlotClaim claim) {
    long user = UserSampler.mix(claim.user()) >>> Long.SIZE - MARK_BITS;
    return user << LOW_BITS | claim.slot() & (1 << LOW_BITS) - 1;
  }

  /**
   * Returns whether the claim is the first one.
   *
   * @param mark see {@link #mark}
   * @param nowMillis by the clock that all processes have roughly in common
   */
  public boolean grants(long mark, long nowMillis) {
    long present = UserSampler.slot(nowMillis);
    // The nearest slot whose low bits are these.
    long slot = present + (byte) (mark - present);
    long held = Math.max(present - 1, Math.min(present, slot));
    return once.first(mark >>> LOW_BITS, UserSampler.beginOf(held));
  }
}
