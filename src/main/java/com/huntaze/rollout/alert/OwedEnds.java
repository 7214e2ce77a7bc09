package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The ends of incidents that a service could not be told of: without them it would page for what is
 * over long ago. They are owed until they arrive, or what they end begins again. Bounded.
 */
final class OwedEnds {
  private final Deque<Notice> owed = new ArrayDeque<>();
  private final int room;

  OwedEnds(int room) {
    this.room = room;
  }

  /** Returns whether a notice ends what a service that is told of a severity and above has open. */
  static boolean isEnd(Notice notice, Severity least) {
    return !Incident.endedBy(notice.alert().kind(), least).isEmpty();
  }

  /** Returns whether a later alert begins what a notice would end. */
  static boolean isOvertaken(Notice end, Alert later) {
    return end.alert().subject().equals(later.subject())
        && Incident.endedBy(end.alert().kind()).contains(later.kind());
  }

  /**
   * Takes an end that did not arrive, in place of an earlier one of the same.
   *
   * @return the one that is given up for it
   */
  Optional<Notice> owe(Notice end) {
    owed.removeIf(
        each ->
            each.alert().kind() == end.alert().kind()
                && each.alert().subject().equals(end.alert().subject()));
    Optional<Notice> oldest =
        owed.size() < room ? Optional.empty() : Optional.of(owed.removeFirst());
    owed.addLast(end);
    return oldest;
  }

  /** Forgets, and returns, the ends of what begins again. */
  List<Notice> overtaken(Alert later) {
    List<Notice> overtaken = owed.stream().filter(each -> isOvertaken(each, later)).toList();
    owed.removeAll(overtaken);
    return overtaken;
  }

  /** Takes the oldest away; empty if none is owed. */
  Optional<Notice> next() {
    return Optional.ofNullable(owed.pollFirst());
  }

  int size() {
    return owed.size();
  }
}
