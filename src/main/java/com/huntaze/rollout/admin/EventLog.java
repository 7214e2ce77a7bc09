package com.huntaze.rollout.admin;

import io.vertx.core.buffer.Buffer;

/**
 * The latest events, numbered from 1, bounded in number and in bytes. All listeners read from here,
 * so that a slow one holds a number and no copy of what it has not read. Not thread-safe.
 */
final class EventLog {
  private final Buffer[] frames;
  private final long maxBytes;
  private final String incarnation;
  private long first = 1;
  private long last;
  private long bytes;

  /**
   * @param incarnation tells the ids of this process from those of another
   */
  EventLog(String incarnation, int maxEvents, long maxBytes) {
    this.incarnation = incarnation;
    this.frames = new Buffer[maxEvents];
    this.maxBytes = maxBytes;
  }

  /** Adds an event; the oldest ones go where there are too many. Returns its number. */
  long add(String name, String json) {
    last++;
    Buffer frame =
        Buffer.buffer(
            "id: %s-%d\nevent: %s\ndata: %s\n\n".formatted(incarnation, last, name, json));
    if (last - first == frames.length) {
      forgetFirst();
    }
    frames[slot(last)] = frame;
    bytes += frame.length();
    while (bytes > maxBytes && first < last) {
      forgetFirst();
    }
    return last;
  }

  private void forgetFirst() {
    bytes -= frames[slot(first)].length();
    frames[slot(first)] = null;
    first++;
  }

  private int slot(long number) {
    return (int) (number % frames.length);
  }

  /** The number of the oldest event that is kept; one more than {@link #last} when none is. */
  long first() {
    return first;
  }

  /** The number of the newest event, 0 = there was none. */
  long last() {
    return last;
  }

  /** An event's bytes, for a number from {@link #first} to {@link #last}. */
  Buffer frame(long number) {
    return frames[slot(number)];
  }

  /**
   * With which event a listener begins.
   *
   * @param lastEventId the last one that it knows; {@code null} = none, and it wants none of the
   *     past; {@code 0} or an id that is not of this process = all that is kept
   */
  long begin(String lastEventId) {
    if (lastEventId == null) {
      return last + 1;
    }
    long known = known(lastEventId);
    return known < first - 1 || known > last ? first : known + 1;
  }

  /** Returns whether everything after this id is still kept. */
  boolean continues(String lastEventId) {
    long known = lastEventId == null ? -1 : known(lastEventId);
    return known >= first - 1 && known <= last;
  }

  private long known(String id) {
    String prefix = incarnation + "-";
    if (!id.startsWith(prefix)) {
      return -1;
    }
    try {
      return Long.parseLong(id.substring(prefix.length()));
    } catch (NumberFormatException strange) {
      return -1;
    }
  }
}
