package com.huntaze.rollout.canary;

import java.util.Map;

/**
 * What the judge found at one evaluation, as far as the machine must know it.
 *
 * @param kind what it means for the rollout
 * @param promotable whether the stage's evidence would do for the next one; only with {@link
 *     Kind#HEALTHY}
 * @param sentence why, for people; when held or not promotable, what is missing
 * @param evidence the figures behind it as a tree of maps, lists, text and numbers, kept with the
 *     transition that follows from it
 */
public record Assessment(
    Kind kind, boolean promotable, String sentence, Map<String, Object> evidence) {

  /** Nothing was judged since the share last changed. */
  public static final Assessment NONE =
      new Assessment(Kind.NONE, false, "not judged yet", Map.of());

  /** The kinds of assessment, from unknown to worst. */
  public enum Kind {
    /** Nothing was judged yet. */
    NONE,
    /** Not enough data, or none that is fresh: nothing may move up, nothing must move down. */
    HOLD,
    /** Enough fresh data, and no limit exceeded. */
    HEALTHY,
    /** A limit whose action is {@code alert} is exceeded. */
    BREACHED,
    /** A limit whose action is {@code rollback} is exceeded. */
    ROLLBACK
  }

  /** Keeps a copy of the evidence. */
  public Assessment {
    evidence = Map.copyOf(evidence);
  }

  boolean healthy() {
    return kind == Kind.HEALTHY;
  }

  /** Whether a limit is exceeded: the share must not be raised. */
  boolean exceeded() {
    return kind == Kind.BREACHED || kind == Kind.ROLLBACK;
  }
}
