package com.huntaze.rollout.quota;

/**
 * The demand of a limit at one replica, in requests.
 *
 * @param all of the last three seconds
 * @param most within one of them
 */
public record Demand(long all, long most) {
  static final int SECONDS = 3;
  static final Demand NONE = new Demand(0, 0);

  double perSecond() {
    return (double) all / SECONDS;
  }

  boolean isMoreThanTwice(Demand told) {
    return all > 2 * told.all || most > 2 * told.most;
  }
}
