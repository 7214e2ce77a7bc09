package com.huntaze.rollout.proxy;

/** An upstream sent an interim (1xx) answer in the place of its final one. */
final class UnexpectedInterim extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnexpectedInterim(int status) {
    super("status: " + status + " (expected: 200..599)", null, false, false);
  }
}
