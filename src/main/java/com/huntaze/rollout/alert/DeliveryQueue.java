package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Severity;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Alerts that wait for a channel, oldest first. Bounded: when it is full the oldest that is not
 * critical makes room; only among critical ones the oldest of those.
 */
final class DeliveryQueue {
  private final Deque<Notice> waiting = new ArrayDeque<>();
  private final int room;

  DeliveryQueue(int room) {
    this.room = room;
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
      if (!isCritical(each)) {
        oldest.remove();
        return Optional.of(each);
      }
    }
    return Optional.of(isCritical(notice) ? waiting.removeFirst() : notice);
  }

  private static boolean isCritical(Notice notice) {
    return notice.alert().severity() == Severity.CRITICAL;
  }

  /** Takes the oldest away; empty if none waits. */
  Optional<Notice> next() {
    return Optional.ofNullable(waiting.pollFirst());
  }

  int size() {
    return waiting.size();
  }
}
