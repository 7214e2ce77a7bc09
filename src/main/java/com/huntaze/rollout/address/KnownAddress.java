package com.huntaze.rollout.address;

/**
 * One address of a name, and what is known of it.
 *
 * @param literal the IP address as text
 * @param absences how many answers in a row have not had it
 * @param failedAt when it was last found not to take connections, in milliseconds of the book's
 *     clock, or {@link #NEVER} since it last took one
 */
public record KnownAddress(String literal, int absences, long failedAt) {
  /** Not failed since it last worked. */
  public static final long NEVER = -1;

  /** Tells whether it does not take connections, as far as is known. */
  public boolean failed() {
    return failedAt != NEVER;
  }

  KnownAddress present() {
    return absences == 0 ? this : new KnownAddress(literal, 0, failedAt);
  }

  KnownAddress absent() {
    return new KnownAddress(literal, absences + 1, failedAt);
  }

  KnownAddress failed(long at) {
    return new KnownAddress(literal, absences, at);
  }
}
