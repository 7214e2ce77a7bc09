package com.huntaze.rollout.cost;

/**
 * Gives the data of a server-sent event stream to a JSON scanner, in pieces as they come. It keeps
 * nothing of an event, so that one of any size can be read: the event that ends a response of
 * OpenAI's repeats the whole answer before it tells the usage. Not thread-safe.
 */
final class EventData implements StreamData {
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final JsonScanner json;
  private final Listener listener;
  private Part part = Part.NAME;
  private int nameLength;
  private boolean named = true;
  private boolean dataSeen;
  private boolean afterCr;
  private long offset;
  private long eventFrom;

  /** The listener was told of what ended last. */
  private boolean told;

  /** So much of {@code [DONE]} has been read of the event's data; -1 = it says something else. */
  private int doneLength;

  /** {@code null} = not known yet. */
  private String lineEnd;

  /** The part of a line that is being read. */
  private enum Part {
    NAME,
    SPACE,
    DATA,
    OTHER
  }

  EventData(JsonScanner json, Listener listener) {
    this.json = json;
    this.listener = listener;
  }

  @Override
  public void feed(byte[] data, int from, int to) {
    int at = from;
    while (at < to) {
      at = isEnd(data[at]) ? endLine(data, at, to) : within(data, at, to);
    }
  }

  /** The stream is over: an event that lacks only its blank line has ended. */
  @Override
  public void end() {
    endEvent();
  }

  @Override
  public boolean isBetweenParts() {
    return offset > 0 && eventFrom == offset;
  }

  @Override
  public String lineEnd() {
    return lineEnd == null ? "\n" : lineEnd;
  }

  private int within(byte[] data, int at, int to) {
    if (afterCr) {
      endsLinesBy("\r");
    }
    afterCr = false;
    return switch (part) {
      case NAME -> {
        name(data[at]);
        yield pass(at, at + 1);
      }
      case SPACE -> {
        part = Part.DATA;
        // Data of several lines is one text with line feeds in it.
        doneLength = dataSeen ? -1 : doneLength;
        dataSeen = true;
        yield data[at] == ' ' ? pass(at, at + 1) : at;
      }
      case DATA -> {
        int end = lineEnd(data, at, to);
        json.feed(data, at, end);
        compare(data, at, end);
        offset += end - at;
        yield end;
      }
      case OTHER -> pass(at, lineEnd(data, at, to));
    };
  }

  /** Compares the event's data with {@code [DONE]}, around which spaces may stand. */
  private void compare(byte[] data, int from, int to) {
    for (int at = from; at < to && doneLength >= 0; at++) {
      boolean around = doneLength == 0 || doneLength == DONE.length;
      if (data[at] != ' ' || !around) {
        boolean same = doneLength < DONE.length && data[at] == DONE[doneLength];
        doneLength = same ? doneLength + 1 : -1;
      }
    }
  }

  private void endsLinesBy(String end) {
    lineEnd = lineEnd == null ? end : lineEnd;
  }

  private void name(byte b) {
    boolean mark = offset < BYTE_ORDER_MARK.length && b == BYTE_ORDER_MARK[(int) offset];
    if (mark && nameLength == 0) {
      return;
    }
    if (b == ':') {
      part = named && nameLength == DATA.length ? Part.SPACE : Part.OTHER;
    } else {
      named = named && nameLength < DATA.length && b == DATA[nameLength];
      nameLength++;
    }
  }

  private int pass(int from, int to) {
    json.pass(to - from);
    offset += to - from;
    return to;
  }

  private int endLine(byte[] data, int at, int to) {
    if (afterCr && data[at] == '\n') {
      afterCr = false;
      endsLinesBy("\r\n");
      if (eventFrom == offset) {
        eventFrom++;
        if (told) {
          listener.lineFeed(offset);
        }
      }
      return pass(at, at + 1);
    }
    boolean cr = data[at] == '\r';
    boolean crLf = cr && at + 1 < to && data[at + 1] == '\n';
    if (afterCr) {
      endsLinesBy("\r");
    }
    afterCr = cr && at + 1 == to;
    if (!afterCr) {
      endsLinesBy(crLf ? "\r\n" : cr ? "\r" : "\n");
    }
    boolean blank = part == Part.NAME && nameLength == 0;
    int end = pass(at, at + (crLf ? 2 : 1));
    part = Part.NAME;
    nameLength = 0;
    named = true;
    if (blank) {
      endEvent();
    }
    return end;
  }

  private void endEvent() {
    told = dataSeen;
    if (dataSeen) {
      dataSeen = false;
      if (doneLength == DONE.length) {
        listener.done(eventFrom);
      }
      listener.event(eventFrom, offset);
      json.reset();
    }
    eventFrom = offset;
    doneLength = 0;
  }

  private static int lineEnd(byte[] data, int from, int to) {
    int at = from;
    while (at < to && !isEnd(data[at])) {
      at++;
    }
    return at;
  }

  private static boolean isEnd(byte b) {
    return b == '\n' || b == '\r';
  }
}
