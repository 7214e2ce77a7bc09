package com.huntaze.rollout.alert;

/** The result of one attempt to deliver. Its words name no URL, user or password. */
sealed interface Attempted {
  /** It has arrived. */
  record Delivered() implements Attempted {}

  /**
   * It may arrive the next time.
   *
   * @param why in a few words
   * @param hintMillis how long the receiver asks to wait, 0 = it does not
   */
  record Failed(String why, long hintMillis) implements Attempted {}

  /**
   * It would be refused again.
   *
   * @param why in a few words
   */
  record Refused(String why) implements Attempted {}
}
