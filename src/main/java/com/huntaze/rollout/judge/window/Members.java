package com.huntaze.rollout.judge.window;

/** The members of what is read from a checkpoint, any of which a damaged file may lack. */
public final class Members {
  private Members() {}

  /**
   * Returns a member that must be there.
   *
   * @throws IllegalArgumentException naming it, when it is not
   */
  public static <T> T required(String member, T value) {
    if (value == null) {
      throw new IllegalArgumentException(member + ": missing");
    }
    return value;
  }
}
