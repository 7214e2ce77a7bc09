package com.huntaze.rollout.cost;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks through JSON that comes in pieces cut anywhere, and tells of the few places that matter. It
 * keeps names and scalars up to a bound, and nothing else; what is no JSON makes it tell less, and
 * never throw. After a root value the next one may follow, as in JSON lines.
 *
 * <p>Offsets count the bytes that were fed, from 0. Not thread-safe.
 */
final class JsonScanner {
  /** No model's name and no number is longer. */
  static final int MAX_TEXT = 256;

  /** The deepest that places lie in each other; see {@link UsagePath}. */
  private static final int MAX_DEPTH = 12;

  private static final int NONE = -1;
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  /** The receiver of the scanner's findings. */
  interface Listener {
    /** A container that matters begins. */
    void opened(UsagePath place);

    /**
     * It has ended.
     *
     * @param in what it stands in, {@code null} = nothing
     * @param at the offset of its closing bracket
     * @param empty whether nothing is in it
     */
    void closed(UsagePath place, UsagePath in, long at, boolean empty);

    /**
     * A string or literal that matters.
     *
     * @param text holds it from {@code from} on, for this call alone
     * @param cut whether only its beginning is to be read
     */
    void scalar(
        UsagePath in,
        UsageField field,
        byte[] text,
        int from,
        int length,
        boolean string,
        boolean cut);

    /** A container that matters was left out: {@code null} stands in its place. */
    void absent(UsagePath place, UsagePath in, long from, long to);
  }

  private enum State {
    BETWEEN,
    STRING,
    LITERAL
  }

  private final Listener listener;
  private final UsagePath[] stack = new UsagePath[MAX_DEPTH];

  /** A bit for each of these: something is in it. */
  private int filled;

  /** Holds a word that is cut by the end of a piece, or has escapes; made when there is one. */
  private byte[] text;

  /** The word that ends now: in the piece that is read, or in {@link #text}. */
  private byte[] word;

  private int wordFrom;

  private State state = State.BETWEEN;
  private int depth;

  /** The number of open containers that do not matter, within the innermost that does. */
  private int skipped;

  private boolean nameNext;
  private boolean name;
  private boolean escaped;
  private boolean escapes;
  private boolean kept;
  private int length;
  private int member = NONE;
  private long literalFrom;
  private long offset;

  JsonScanner(Listener listener) {
    this.listener = listener;
  }

  /** The next root value is a new one, whatever is still open. Offsets go on. */
  void reset() {
    state = State.BETWEEN;
    depth = 0;
    skipped = 0;
    nameNext = false;
    member = NONE;
  }

  /** Bytes that belong to the stream and not to the JSON: only the offsets move. */
  void pass(int bytes) {
    offset += bytes;
  }

  void feed(byte[] data, int from, int to) {
    int at = from;
    while (at < to) {
      int next =
          switch (state) {
            case STRING -> string(data, at, to);
            case LITERAL -> literal(data, at, to);
            case BETWEEN -> between(data, at, to);
          };
      offset += next - at;
      at = next;
    }
    // The piece is not ours to keep, and a stream may be silent for long.
    word = null;
  }

  /** Reads what stands between strings and literals, up to the next that must be looked at. */
  private int between(byte[] data, int from, int to) {
    byte b = data[from];
    if (skipped > 0 && !isStructure(b)) {
      return structure(data, from, to);
    }
    switch (b) {
      case '"' -> beginString();
      case '{', '[' -> open(b == '{');
      case '}', ']' -> close();
      case ',' -> comma();
      case ':', ' ', '\t', '\n', '\r' -> {}
      default -> {
        return beginLiteral(from);
      }
    }
    return from + 1;
  }

  /** Within what is passed over, literals are nothing. */
  private static int structure(byte[] data, int from, int to) {
    int at = from + 1;
    while (at < to && !isStructure(data[at])) {
      at++;
    }
    return at;
  }

  private static boolean isStructure(byte b) {
    return b == '"' || b == '{' || b == '}' || b == '[' || b == ']';
  }

  private void beginString() {
    state = State.STRING;
    escaped = false;
    escapes = false;
    length = 0;
    name = nameNext && skipped == 0;
    kept = name || skipped == 0 && field() != null;
    nameNext = false;
  }

  private int beginLiteral(int from) {
    state = State.LITERAL;
    length = 0;
    kept = true;
    literalFrom = offset;
    return from;
  }

  private UsageField field() {
    return depth == 0 ? null : stack[depth - 1].field(member);
  }

  private void open(boolean object) {
    if (depth == 0 && skipped == 0 && !object) {
      // The elements of an array at the root are roots themselves.
      return;
    }
    UsagePath place = skipped > 0 ? null : opens(object);
    if (place == null || depth == MAX_DEPTH) {
      skipped++;
      return;
    }
    fill();
    stack[depth] = place;
    filled &= ~(1 << depth);
    depth++;
    nameNext = object;
    member = NONE;
    listener.opened(place);
  }

  /** Returns the place that begins with this bracket; {@code null} = none. */
  private UsagePath opens(boolean object) {
    if (depth == 0) {
      return UsagePath.ROOT;
    }
    UsagePath in = stack[depth - 1];
    UsagePath place = in.isArray() ? in.place(0) : in.place(member);
    return place != null && place.isArray() != object ? place : null;
  }

  private void close() {
    if (skipped > 0) {
      skipped--;
    } else if (depth > 0) {
      depth--;
      boolean empty = (filled & 1 << depth) == 0;
      listener.closed(stack[depth], depth == 0 ? null : stack[depth - 1], offset, empty);
    }
    member = NONE;
    nameNext = false;
  }

  private void comma() {
    if (skipped == 0) {
      nameNext = depth > 0 && !stack[depth - 1].isArray();
      member = NONE;
    }
  }

  private void fill() {
    if (depth > 0) {
      filled |= 1 << depth - 1;
    }
  }

  private int string(byte[] data, int from, int to) {
    int at = from;
    if (escaped) {
      escaped = false;
      keep(data, at, at + 1);
      return at + 1;
    }
    while (at < to && data[at] != '"' && data[at] != '\\') {
      at++;
    }
    if (at < to && data[at] == '"') {
      ends(data, from, at);
      endString();
      return at + 1;
    }
    keep(data, from, at);
    if (at < to) {
      keep(data, at, at + 1);
      escaped = true;
      escapes = true;
      return at + 1;
    }
    return to;
  }

  /** A word ends here: where all of it is in this piece it is read there, without a copy. */
  private void ends(byte[] data, int from, int to) {
    if (length == 0) {
      length = kept ? to - from : 0;
      word = data;
      wordFrom = from;
    } else {
      keep(data, from, to);
      word = text;
      wordFrom = 0;
    }
  }

  private void keep(byte[] data, int from, int to) {
    if (kept) {
      text = text == null ? new byte[MAX_TEXT] : text;
      int room = Math.max(0, Math.min(to - from, MAX_TEXT - length));
      System.arraycopy(data, from, text, Math.min(length, MAX_TEXT), room);
      length += to - from;
    }
  }

  private void endString() {
    state = State.BETWEEN;
    if (skipped > 0) {
      return;
    }
    fill();
    if (escapes && length <= MAX_TEXT && (name || kept && field() != UsageField.TEXT)) {
      unescape();
    }
    if (name) {
      member = length <= MAX_TEXT ? stack[depth - 1].find(word, wordFrom, length) : NONE;
    } else if (kept) {
      tell(true);
    }
  }

  private void tell(boolean string) {
    UsagePath in = stack[depth - 1];
    listener.scalar(in, in.field(member), word, wordFrom, length, string, length > MAX_TEXT);
    member = NONE;
  }

  private void unescape() {
    byte[] plain =
        JsonText.unescape(new String(word, wordFrom, length, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
    length = Math.min(plain.length, MAX_TEXT);
    word = plain;
    wordFrom = 0;
  }

  private int literal(byte[] data, int from, int to) {
    int at = from;
    while (at < to && !endsLiteral(data[at])) {
      at++;
    }
    if (at < to) {
      ends(data, from, at);
      endLiteral(offset + at - from);
    } else {
      keep(data, from, at);
    }
    return at;
  }

  private static boolean endsLiteral(byte b) {
    return switch (b) {
      case ',', '}', ']', ' ', '\t', '\n', '\r', '"', ':', '{', '[' -> true;
      default -> false;
    };
  }

  private void endLiteral(long end) {
    state = State.BETWEEN;
    fill();
    if (depth == 0 || member == NONE) {
      return;
    }
    UsagePath in = stack[depth - 1];
    if (in.place(member) != null && isNull()) {
      listener.absent(in.place(member), in, literalFrom, end);
    } else if (in.field(member) != null) {
      tell(false);
    }
    member = NONE;
  }

  private boolean isNull() {
    return length == 4 && Arrays.equals(word, wordFrom, wordFrom + 4, NULL, 0, 4);
  }
}
