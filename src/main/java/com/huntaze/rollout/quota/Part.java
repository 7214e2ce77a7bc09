package com.huntaze.rollout.quota;

/**
 * One replica's part of a limit.
 *
 * @param share of the rate, 0..1
 * @param atOnce as much of it may be used at once; 0 = nothing
 */
public record Part(double share, long atOnce) {
  static Part smaller(Part one, Part other) {
    return new Part(Math.min(one.share(), other.share()), Math.min(one.atOnce(), other.atOnce()));
  }
}
