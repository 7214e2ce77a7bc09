package com.huntaze.rollout.canary;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The judge's findings at one evaluation, as far as the machine must know them.
 *
 * @param kind what it means for the rollout
 * @param promotable whether the stage's evidence would do for the next one; only with {@link
 *     Kind#HEALTHY}
 * @param sentence why, for people; when held or not promotable, what is missing
 * @param exceeding the troubles that metrics over a limit show, and {@link #SHARE}
 * @param overLimit what is over its limit, in however few observations, one sentence; empty =
 *     nothing
 * @param notice what people should know of, and what decides nothing, one sentence; empty = nothing
 * @param news what people are told now and never again
 * @param anew whether the judge has begun anew, so that the time of health before does not count
 * @param moved whether the evidence has moved far since it was written last
 * @param evidence the figures behind it as a tree of maps, lists, text and numbers, kept with the
 *     transition that follows from it
 */
public record Assessment(
    Kind kind,
    boolean promotable,
    String sentence,
    Set<String> exceeding,
    String overLimit,
    String notice,
    List<News> news,
    boolean anew,
    boolean moved,
    Map<String, Object> evidence) {

  /** The share served, where it is not the share set; people are told of it as news. */
  public static final String SHARE = "the share served";

  /** Nothing was judged since the share last changed. */
  public static final Assessment NONE =
      new Assessment(Kind.NONE, false, "not judged yet", "", Map.of());

  /**
   * Something that people are told once.
   *
   * @param kind the alert's
   * @param topic tells it from others of that kind
   */
  public record News(Alert.Kind kind, String topic, String sentence) {}

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
    exceeding = Set.copyOf(exceeding);
    news = List.copyOf(news);
    evidence = Map.copyOf(evidence);
  }

  boolean healthy() {
    return kind == Kind.HEALTHY;
  }

  /** One that goes on from those before it, with no notice. */
  public Assessment(
      Kind kind,
      boolean promotable,
      String sentence,
      String overLimit,
      Map<String, Object> evidence) {
    this(kind, promotable, sentence, Set.of(), overLimit, "", List.of(), false, false, evidence);
  }

  /** Returns whether a limit is exceeded. */
  boolean exceeded() {
    return kind == Kind.BREACHED || kind == Kind.ROLLBACK;
  }

  /**
   * Returns whether the share may be raised: too few observations are against it when they are bad.
   */
  boolean raisable() {
    return !exceeded() && overLimit.isEmpty();
  }

  /** Returns the reason against raising the share, one sentence; only if there is one. */
  String against() {
    return exceeded() ? sentence : overLimit;
  }
}
