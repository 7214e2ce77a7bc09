package com.huntaze.rollout.lease;

/**
 * The times of a lease, milliseconds of each replica's own monotonic clock.
 *
 * @param leaseMillis for how long a beat must stay the same before another replica takes over
 * @param beatMillis between two beats of the holder
 * @param graceMillis the same as the lease, once the holder's process is known to have ended
 */
public record LeaseTimes(long leaseMillis, long beatMillis, long graceMillis) {
  /** A hung leader is replaced within five seconds, one that was killed within two. */
  public static final LeaseTimes USUAL = new LeaseTimes(4_000, 500, 1_000);

  /**
   * The times of voters, which see a beat as soon as it is agreed upon, and cannot see a process
   * end: so the lease itself is short enough for a killed leader.
   */
  public static final LeaseTimes AGREED = new LeaseTimes(1_800, 200, 900);

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if a holder could not beat in time
   */
  public LeaseTimes {
    if (beatMillis < 1 || graceMillis < 2 * beatMillis || leaseMillis < 2 * graceMillis) {
      throw new IllegalArgumentException(
          "lease %d ms, grace %d ms, beat %d ms (expected: each at least twice the next)"
              .formatted(leaseMillis, graceMillis, beatMillis));
    }
  }

  /** The age of its last beat at which a holder stops: the rest is for clocks that differ. */
  public long stopMillis() {
    return leaseMillis * 2 / 3;
  }
}
