package com.huntaze.rollout.app;

/** The proxy could not be started; the message is one sentence that tells what to do. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
