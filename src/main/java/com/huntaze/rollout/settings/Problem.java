package com.huntaze.rollout.settings;

/**
 * One thing that is wrong with the configuration, in words for the person who has to mend it.
 *
 * @param path the key from the root ({@code canary.stages[0].bake}), or the name of the environment
 *     variable or flag, or of the file
 * @param value the offending value as text, already masked where it is secret
 * @param expectation what would be right; empty when {@code value} says it all
 */
public record Problem(String path, String value, String expectation) {

  /**
   * A problem that is a sentence of its own, without an expectation.
   *
   * @param path as in {@link #path}
   * @param sentence what is wrong
   * @return the problem
   */
  public static Problem sentence(String path, String sentence) {
    return new Problem(path, sentence, "");
  }

  /**
   * The same problem, seen from the record that holds this one.
   *
   * @param prefix the key that it is held under
   * @return the problem with the longer path
   */
  public Problem under(String prefix) {
    if (prefix.isEmpty()) {
      return this;
    }
    if (path.isEmpty()) {
      return new Problem(prefix, value, expectation);
    }
    String joint = path.startsWith("[") ? "" : ".";
    return new Problem(prefix + joint + path, value, expectation);
  }

  /** For example {@code server.port: 70000 (expected: 0..65535)}. */
  @Override
  public String toString() {
    String end = expectation.isEmpty() ? "" : " (expected: " + expectation + ")";
    return path + ": " + value + end;
  }
}
