package com.huntaze.rollout.failover;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * The distinct users among the failures that opened a breaker, as hashes; those after the first
 * {@value #MOST} are not told apart. Immutable.
 */
public final class FailedUsers {
  /** The most that are told apart. */
  public static final int MOST = 8;

  /** Nobody. */
  public static final FailedUsers NONE = new FailedUsers(new long[0]);

  private final long[] hashes;

  private FailedUsers(long[] hashes) {
    this.hashes = hashes;
  }

  /** The same and one more; itself when it knows the user or is full. */
  public FailedUsers with(long user) {
    if (contains(user) || hashes.length >= MOST) {
      return this;
    }
    long[] more = Arrays.copyOf(hashes, hashes.length + 1);
    more[hashes.length] = user;
    return new FailedUsers(more);
  }

  /** These and others, all told apart. */
  FailedUsers and(FailedUsers others) {
    long[] all = Arrays.copyOf(hashes, hashes.length + others.hashes.length);
    System.arraycopy(others.hashes, 0, all, hashes.length, others.hashes.length);
    return new FailedUsers(all);
  }

  /** Tells whether a user is among them. */
  public boolean contains(long user) {
    return any(hash -> hash == user);
  }

  /** Tells whether a condition holds for the hash of one of them. */
  public boolean any(LongPredicate condition) {
    for (long hash : hashes) {
      if (condition.test(hash)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the number of them. */
  public int count() {
    return hashes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FailedUsers users && Arrays.equals(hashes, users.hashes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return hashes.length + " users";
  }
}
