package com.huntaze.rollout.failover;

/**
 * An attempt that asks a breaker to begin.
 *
 * @param standing whether another provider could answer instead
 * @param user hash of the user whose request it is
 * @param again whether an attempt of the same exchange has failed at the provider already: the
 *     retries of one exchange are one failure
 * @param others whether other users than those who failed have come lately, who could make the
 *     trial
 */
public record Asking(Standing standing, long user, boolean again, boolean others) {
  /** The first attempt of an exchange of which nothing else is known. */
  public static Asking of(Standing standing) {
    return new Asking(standing, 0, false, false);
  }
}
