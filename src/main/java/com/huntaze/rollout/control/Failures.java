package com.huntaze.rollout.control;

import java.util.concurrent.CompletionException;

/** Sentences for stages that failed. */
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
