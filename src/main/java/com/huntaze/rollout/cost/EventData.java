package com.huntaze.rollout.cost;

/**
 * Gives the data of a server-sent event stream to a JSON scanner, in pieces as they come. It keeps
 * nothing of an event, so that one of any size can be read: the event that ends a response of
 * OpenAI's repeats the whole answer before it tells the usage. Not thread-safe.
 */
final class EventData implements StreamData {
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

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

  /** Where in a line it is. */
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

  private int within(byte[] data, int at, int to) {
    afterCr = false;
    return switch (part) {
      case NAME -> {
        name(data[at]);
        yield pass(at, at + 1);
      }
      case SPACE -> {
        part = Part.DATA;
        dataSeen = true;
        yield data[at] == ' ' ? pass(at, at + 1) : at;
      }
      case DATA -> {
        int end = lineEnd(data, at, to);
        json.feed(data, at, end);
        offset += end - at;
        yield end;
      }
      case OTHER -> pass(at, lineEnd(data, at, to));
    };
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
    afterCr = cr && at + 1 == to;
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
      listener.event(eventFrom, offset);
      json.reset();
    }
    eventFrom = offset;
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
