package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Alerts that are kept back, because one like each was sent a moment ago. Alerts of one kind,
 * subject and occasion are alike. What is kept back is not lost: when the time is over the newest
 * is sent, and tells how many there were; unless it is over by then, such as a breaker that is
 * closed again.
 *
 * <p>Pure: time comes in as an argument. Bounded: when there is no room, the one that was sent
 * longest ago is forgotten, so that its like may be sent early.
 */
final class Cooldowns {
  private long cooldownMillis;
  private final int room;

  /** In the order in which they were sent. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  private record Key(Alert.Kind kind, String subject, String occasion) {
    static Key of(Alert alert) {
      return new Key(alert.kind(), alert.subject(), alert.occasion());
    }

    /** The end of an occasion is that of each thing that was told of it, and the other way. */
    boolean isOvertakenBy(Alert now, Alert.Kind opposite) {
      return kind == opposite
          && subject.equals(now.subject())
          && (occasion.equals(now.occasion())
              || isPart(occasion, now.occasion())
              || isPart(now.occasion(), occasion));
    }

    private static boolean isPart(String of, String whole) {
      return of.startsWith(whole + ", ");
    }
  }

  /**
   * @param newest of those that were kept back, {@code null} = none was
   */
  private record Entry(long sentAt, int suppressed, Alert newest) {}

  /**
   * @param cooldownMillis how long an alert's like are kept back; 0 = none is
   * @param room how many alerts are remembered
   */
  Cooldowns(long cooldownMillis, int room) {
    this.cooldownMillis = cooldownMillis;
    this.room = room;
  }

  /** Another time, for those too that are kept back by now. */
  void configure(long millis) {
    cooldownMillis = millis;
  }

  /**
   * Takes an alert.
   *
   * @param nowMillis monotonic
   * @return the same, if it is to be sent now
   */
  Optional<DueAlert> offer(Alert alert, long nowMillis) {
    alert.kind().opposite().ifPresent(kind -> over(alert, kind));
    Key key = Key.of(alert);
    Entry entry = entries.get(key);
    if (entry != null && cools(entry, nowMillis)) {
      entries.put(key, new Entry(entry.sentAt, entry.suppressed + 1, alert));
      return Optional.empty();
    }
    sent(key, nowMillis);
    return Optional.of(new DueAlert(alert, entry == null ? 0 : entry.suppressed));
  }

  /** Nobody need be told any more of what has come to its end meanwhile. */
  private void over(Alert end, Alert.Kind kind) {
    entries.replaceAll(
        (key, entry) -> key.isOvertakenBy(end, kind) ? new Entry(entry.sentAt, 0, null) : entry);
  }

  private boolean cools(Entry entry, long nowMillis) {
    return nowMillis - entry.sentAt < cooldownMillis;
  }

  private void sent(Key key, long nowMillis) {
    entries.remove(key);
    if (cooldownMillis == 0) {
      return;
    }
    if (entries.size() >= room) {
      entries.remove(entries.keySet().iterator().next());
    }
    entries.put(key, new Entry(nowMillis, 0, null));
  }

  /**
   * Returns the alerts that were kept back long enough.
   *
   * @param nowMillis monotonic
   */
  List<DueAlert> due(long nowMillis) {
    List<DueAlert> due = new ArrayList<>();
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (cools(entry, nowMillis)) {
        break;
      }
      oldest.remove();
      if (entry.newest != null) {
        due.add(new DueAlert(entry.newest, entry.suppressed - 1));
      }
    }
    due.forEach(each -> sent(Key.of(each.alert()), nowMillis));
    return due;
  }

  /** Returns the number of alerts that are remembered. */
  int size() {
    return entries.size();
  }
}
