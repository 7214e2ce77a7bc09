package com.huntaze.rollout.judge.window;

/**
 * A user or an API key whose observations are kept apart.
 *
 * @param hash of the user or the API key
 */
public record Maker(Apart kind, long hash) {
  /** A damaged file may lack its kind. */
  public Maker {
    Members.required("kind", kind);
  }
}
