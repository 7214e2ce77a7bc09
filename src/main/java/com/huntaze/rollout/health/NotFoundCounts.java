package com.huntaze.rollout.health;

/**
 * How many of the latest answers were 404, at most one per user key and 10 s: those of the window,
 * or the newest that are enough to tell.
 */
public record NotFoundCounts(ShareCounts foundry, ShareCounts legacy) {
  /** No answer. */
  static final NotFoundCounts NONE =
      new NotFoundCounts(new ShareCounts(0, 0), new ShareCounts(0, 0));
}
