package com.huntaze.rollout.outcome;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A place in an answer's JSON below which, or in which, something stands that matters. */
final class AnswerPlace {
  private static final String ELEMENTS = "[]";

  /** The meaning of a value at a place. */
  enum Sign {
    NONE,
    /** Content that is no text. */
    CONTENT,
    /** Content that says something, if it is not empty. */
    TEXT,
    /** The reason for which the answer ended. */
    REASON,
    /** An error that a failed answer tells of, if it is not empty. */
    ERROR
  }

  private final Map<String, AnswerPlace> members = new HashMap<>();
  private Sign sign = Sign.NONE;

  /** The reasons that count; empty = any. */
  private Set<String> reasons = Set.of();

  void text(String... paths) {
    sign(Sign.TEXT, paths);
  }

  void content(String... paths) {
    sign(Sign.CONTENT, paths);
  }

  /**
   * @param only the values that count; none = any that is not empty
   */
  void reason(String path, String... only) {
    AnswerPlace place = sign(Sign.REASON, path);
    place.reasons = Set.of(only);
  }

  void error(String path) {
    sign(Sign.ERROR, path);
  }

  private AnswerPlace sign(Sign what, String... paths) {
    AnswerPlace place = this;
    for (String path : paths) {
      place = this;
      for (String name : path.replace(ELEMENTS, "." + ELEMENTS).split("\\.")) {
        place = place.members.computeIfAbsent(name, made -> new AnswerPlace());
      }
      // The text of one dialect is content in another.
      place.sign = place.sign == Sign.TEXT ? Sign.TEXT : what;
    }
    return place;
  }

  Sign sign() {
    return sign;
  }

  boolean isReason(String text) {
    return !text.isEmpty() && (reasons.isEmpty() || reasons.contains(text));
  }

  /** Adds the names of all places below this one. */
  void collect(Set<String> names) {
    members.forEach(
        (name, place) -> {
          names.add(name);
          place.collect(names);
        });
  }

  /** The place of a member's value; {@code null} = nothing matters there. */
  AnswerPlace member(String name) {
    return name == null ? null : members.get(name);
  }

  /** Tells whether nothing is known of the parts of an array, or object, that stands here. */
  boolean isLeaf(boolean array) {
    boolean elements = members.containsKey(ELEMENTS);
    return array ? !elements : members.size() == (elements ? 1 : 0);
  }

  /** The place of an array's elements; {@code null} = nothing matters there. */
  AnswerPlace element() {
    return members.get(ELEMENTS);
  }
}
