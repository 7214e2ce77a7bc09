package com.huntaze.rollout.control;

import java.util.concurrent.CompletionException;

/** What a failed stage says. */
final class Failures {
  private Failures() {}

  static String sentence(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
