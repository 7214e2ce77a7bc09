package com.huntaze.rollout.breaker;

import com.huntaze.rollout.outcome.Outcome;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The kinds of a provider's latest failures, for people. Thread-safe; asked for when one opens. */
final class LastFailures {
  private static final int MOST = 64;
  private static final String ANSWER = "answer ";

  private final Deque<String> latest = new ArrayDeque<>();

  /** An attempt has failed. */
  synchronized void add(Outcome outcome) {
    if (latest.size() >= MOST) {
      latest.removeFirst();
    }
    latest.addLast(outcome.status() > 0 ? ANSWER + outcome.status() : outcome.label());
  }

  /**
   * The last ones by their kinds, the most frequent first: {@code 4 answers 503, 1
   * connect_refused}; empty = none is known.
   *
   * @param count how many
   */
  synchronized String last(int count) {
    Map<String, Integer> kinds = new LinkedHashMap<>();
    latest.stream()
        .skip(Math.max(0, latest.size() - count))
        .forEach(kind -> kinds.merge(kind, 1, Integer::sum));
    return kinds.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(kind -> count(kind.getValue(), kind.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static String count(int times, String kind) {
    String many = times > 1 ? kind.replace(ANSWER, "answers ") : kind;
    return times + " " + many;
  }
}
