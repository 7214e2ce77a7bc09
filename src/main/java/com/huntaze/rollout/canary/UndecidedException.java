package com.huntaze.rollout.canary;

import java.io.IOException;

/** Nobody knows yet whether a state is in force: it may be decided by others after this. */
public final class UndecidedException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param message the reason for which it is not known
   */
  public UndecidedException(String message, Throwable cause) {
    super(message, cause);
  }
}
