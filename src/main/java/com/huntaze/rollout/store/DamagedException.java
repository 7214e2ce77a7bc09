package com.huntaze.rollout.store;

/** A file is not what was once written; the message says in what. */
final class DamagedException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int MOST_CHARS = 200;

  /**
   * @param message what is wrong, as one line; what a file has had a hand in may be anything
   */
  DamagedException(String message) {
    super(line(message));
  }

  private static String line(String message) {
    String text = message.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ");
    return text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) + "…" : text;
  }
}
