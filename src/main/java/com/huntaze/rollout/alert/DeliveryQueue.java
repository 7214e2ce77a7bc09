package com.huntaze.rollout.alert;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Alerts that wait for a channel, oldest first. Bounded: when it is full the oldest that does not
 * matter makes room; only among those that do the oldest of them.
 */
final class DeliveryQueue {
  private final Deque<Notice> waiting = new ArrayDeque<>();
  private final int room;
  private final Predicate<Notice> matters;

  DeliveryQueue(int room, Predicate<Notice> matters) {
    this.room = room;
    this.matters = matters;
  }

  /**
   * Takes a notice.
   *
   * @return what is given up for it, which may be the notice itself
   */
  Optional<Notice> offer(Notice notice) {
    Optional<Notice> dropped = waiting.size() < room ? Optional.empty() : makeRoom(notice);
    if (dropped.isEmpty() || dropped.get() != notice) {
      waiting.addLast(notice);
    }
    return dropped;
  }

  private Optional<Notice> makeRoom(Notice notice) {
    Iterator<Notice> oldest = waiting.iterator();
    while (oldest.hasNext()) {
      Notice each = oldest.next();
      if (!matters.test(each)) {
        oldest.remove();
        return Optional.of(each);
      }
    }
    return Optional.of(matters.test(notice) ? waiting.removeFirst() : notice);
  }

  /** Returns whether one that waits is of a kind. */
  boolean any(Predicate<Notice> kind) {
    return waiting.stream().anyMatch(kind);
  }

  /** Takes the oldest away; empty if none waits. */
  Optional<Notice> next() {
    return Optional.ofNullable(waiting.pollFirst());
  }

  int size() {
    return waiting.size();
  }
}
