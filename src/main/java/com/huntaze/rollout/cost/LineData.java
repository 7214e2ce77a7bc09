package com.huntaze.rollout.cost;

/**
 * Gives a stream of JSON lines, or a JSON text sequence (RFC 7464), to a JSON scanner, in pieces as
 * they come: a line that is broken spoils no other. It keeps nothing of a line. Not thread-safe.
 */
final class LineData implements StreamData {
  private final JsonScanner json;
  private final byte separator;
  private final Listener listener;
  private long offset;
  private long lineFrom;

  /**
   * @param separator the byte that ends a line, or begins a text; in JSON it only stands between
   */
  LineData(JsonScanner json, byte separator, Listener listener) {
    this.json = json;
    this.separator = separator;
    this.listener = listener;
  }

  @Override
  public void feed(byte[] data, int from, int to) {
    int at = from;
    while (at < to) {
      int end = at;
      while (end < to && data[end] != separator) {
        end++;
      }
      json.feed(data, at, end);
      offset += end - at;
      at = end;
      if (at < to) {
        json.pass(1);
        offset++;
        at++;
        endLine();
      }
    }
  }

  @Override
  public void end() {
    endLine();
  }

  private void endLine() {
    if (offset > lineFrom) {
      listener.event(lineFrom, offset);
      json.reset();
      lineFrom = offset;
    }
  }
}
