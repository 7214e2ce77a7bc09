package com.huntaze.rollout.judge.window;

/**
 * The maker of a request, as the judge tells users and clients apart.
 *
 * @param user hash of the user key; without one, of the client and its body, so that one backend
 *     without user keys is many users, and one body that it sends again and again is one
 * @param apiKey hash of the API key, {@link #NO_KEY} = none
 */
public record Requester(long user, long apiKey) {
  /** No API key. */
  public static final long NO_KEY = 0;

  /** A user of whose API key nothing is known. */
  public static Requester of(long user) {
    return new Requester(user, NO_KEY);
  }
}
