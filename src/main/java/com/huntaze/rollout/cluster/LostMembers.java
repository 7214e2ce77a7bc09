package com.huntaze.rollout.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * The members that are gone without having said so, killed or cut off: nobody can tell which. Each
 * is waited for until it is heard again, until another process is heard in its place (so that it
 * was killed), or for ten minutes. It has no clock: times are monotonic milliseconds of the
 * caller's. Single-threaded.
 */
final class LostMembers {
  /** A member that is gone without having said so is waited for so long. */
  static final long LOST_MILLIS = 600_000;

  private static final int MOST = 256;

  private final Map<String, Gone> lost = new LinkedHashMap<>();

  private record Gone(String place, long since) {}

  /**
   * A member is gone; of too many the first is waited for no longer.
   *
   * @param place where only one process can be at a time: a voter's name, or an address and a port;
   *     empty = it has not told
   */
  void add(String replica, String place, long nowMillis) {
    lost.put(replica, new Gone(place, nowMillis));
    if (lost.size() > MOST) {
      lost.remove(lost.keySet().iterator().next());
    }
  }

  /** A replica is heard, in its place. */
  void isBack(String replica, String place) {
    lost.remove(replica);
    if (!place.isEmpty()) {
      lost.values().removeIf(gone -> gone.place().equals(place));
    }
  }

  /** Forgets those that have been gone for too long. */
  void look(long nowMillis) {
    lost.values().removeIf(gone -> nowMillis - gone.since() >= LOST_MILLIS);
  }

  /** Each with the time at which it was missed. */
  void each(ObjLongConsumer<String> takes) {
    lost.forEach((replica, gone) -> takes.accept(replica, gone.since()));
  }

  /** Returns the replicas, in the order in which they were missed. */
  List<String> replicas() {
    return new ArrayList<>(lost.keySet());
  }

  int size() {
    return lost.size();
  }
}
