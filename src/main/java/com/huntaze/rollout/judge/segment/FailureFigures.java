package com.huntaze.rollout.judge.segment;

import java.util.List;

/**
 * Foundry's last failures, at most {@value RecentFailures#MOST} of the present stage.
 *
 * @param failures how many these are
 * @param kinds the most frequent first, such as {@code 21 answers 503}
 * @param users of how many users they are, as far as these are told apart
 * @param crowd the part of the traffic that most of them are of; {@code null} = they are everywhere
 */
public record FailureFigures(int failures, List<String> kinds, int users, FailureCrowd crowd) {
  /** Copies the list, so that the record never changes. */
  public FailureFigures {
    kinds = List.copyOf(kinds);
  }

  /** Most of them are of one part, and most of the traffic is not. */
  public record FailureCrowd(Segment segment, int failures) {}

  /**
   * A clause: what failed, whose and where, such as {@code the last 33 failures: 21 answers 503, 12
   * reset, of 29 users; 31 of them are model gpt-4o}.
   */
  public String sentence() {
    String what =
        "the last %d failures: %s, of %s"
            .formatted(
                failures, String.join(", ", kinds), users == 1 ? "1 user" : users + " users");
    return crowd == null
        ? what
        : "%s; %d of them are %s".formatted(what, crowd.failures(), crowd.segment().text());
  }
}
