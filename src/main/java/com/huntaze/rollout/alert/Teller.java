package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Decides whether this replica tells people of what happens to the rollout. Beside a leader that is
 * heard a follower does not: the leader does. What a follower has to tell it keeps for a while: if
 * the leader falls silent meanwhile, nobody may have told it, and the follower does so then.
 *
 * <p>Pure: time comes in as an argument. Bounded.
 */
final class Teller {
  /** Longer than a silent leader passes for one that is heard. */
  static final long KEPT_MILLIS = 10_000;

  private static final int MOST = 100;

  private final Deque<Kept> kept = new ArrayDeque<>();
  private boolean tells = true;

  private record Kept(Notice notice, long sinceMillis) {}

  /**
   * Takes a notice.
   *
   * @return whether it is to be sent now
   */
  boolean offer(Notice notice, long nowMillis) {
    if (tells(notice.alert().kind())) {
      return true;
    }
    if (kept.size() >= MOST) {
      kept.removeFirst();
    }
    kept.addLast(new Kept(notice, nowMillis));
    return false;
  }

  /** Tells whether an alert of this kind is told by this replica. */
  boolean tells(Alert.Kind kind) {
    return tells || !kind.ofRollout();
  }

  /**
   * Takes note of who tells.
   *
   * @param self whether this replica does: it leads, or hears no leader
   * @return what is to be sent now
   */
  List<Notice> tells(boolean self, long nowMillis) {
    tells = self;
    kept.removeIf(each -> nowMillis - each.sinceMillis() > KEPT_MILLIS);
    if (!tells) {
      return List.of();
    }
    List<Notice> due = kept.stream().map(Kept::notice).toList();
    kept.clear();
    return due;
  }
}
