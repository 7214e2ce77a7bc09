package com.huntaze.rollout.store;

/** A file is not what was once written; the message says in what. */
final class DamagedException extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedException(String message) {
    super(message);
  }
}
