package com.huntaze.rollout.outcome;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Walks through JSON that comes in pieces cut anywhere, holds it to the grammar, and tells what
 * stands at the places that matter. It keeps a name and the beginning of a scalar, whatever comes.
 * After a root value another one may follow. Numbers are not looked at closely, and Python's {@code
 * NaN} and {@code Infinity} pass. Not thread-safe.
 */
final class JsonWalk {
  /** The deepest nesting that is followed; RFC 8259, section 9, lets a reader set one. */
  static final int MAX_DEPTH = 1_000;

  /** Deeper than any place; see {@link Dialect}. */
  private static final int MAX_PLACES = 8;

  /** Longer than any name or reason that matters, each character escaped. */
  private static final int MAX_TEXT = 192;

  private static final Set<String> WORDS = Set.of("true", "NaN", "Infinity", "-Infinity");
  private static final Set<String> NOTHING = Set.of("null", "false");
  private static final KnownNames KNOWN = known();

  /** Stands for a text that nobody reads. */
  private static final String SOME = "some";

  /** Told what is found. */
  interface Listener {
    /** An object at the root has a member. */
    void member(String name);

    /**
     * A value stands at a place that matters.
     *
     * @param text of a reason the beginning of the string, of another place any text that is not
     *     empty if the string is not; {@code null} = it is a number or {@code true}
     */
    void scalar(AnswerPlace place, String text);

    /** An array or object at a place that matters has its first element or member. */
    void filled(AnswerPlace place, boolean array);
  }

  private enum State {
    VALUE,
    FIRST_ELEMENT,
    FIRST_NAME,
    NAME,
    COLON,
    AFTER,
    STRING,
    LITERAL,
    BROKEN,
    TOO_DEEP
  }

  private final Listener listener;
  private final AnswerPlace root;

  /** The elements of an array at the root stand at the root, too. */
  private final boolean arrayOfRoots;

  private final NestedKinds objects = new NestedKinds();
  private final AnswerPlace[] places = new AnswerPlace[MAX_PLACES];

  /** Holds a word that is cut by the end of a piece, or has escapes; made when there is one. */
  private byte[] text;

  /** The word that ends now: in the piece that is read, or in {@link #text}. */
  private byte[] word;

  private int wordFrom;
  private State state = State.VALUE;
  private int depth;
  private boolean begun;

  /** Of the value that is read: where it stands. */
  private AnswerPlace place;

  private String memberName;
  private boolean isName;
  private boolean keeps;
  private boolean escaped;
  private boolean escapes;
  private int length;

  JsonWalk(AnswerPlace root, boolean arrayOfRoots, Listener listener) {
    this.root = root;
    this.arrayOfRoots = arrayOfRoots;
    this.listener = listener;
  }

  void feed(byte[] data, int from, int to) {
    int at = from;
    while (at < to && state != State.BROKEN && state != State.TOO_DEEP) {
      at =
          switch (state) {
            case STRING -> string(data, at, to);
            case LITERAL -> literal(data, at, to);
            case VALUE, FIRST_ELEMENT, FIRST_NAME, NAME, COLON, AFTER, BROKEN, TOO_DEEP -> {
              structure(data[at]);
              yield state == State.LITERAL ? at : at + 1;
            }
          };
    }
  }

  /** The text has ended: tells whether it is JSON, and all of it. */
  boolean end() {
    if (state == State.LITERAL && depth == 0) {
      word = text;
      wordFrom = 0;
      endLiteral();
    }
    return state == State.AFTER && depth == 0;
  }

  /** Tells whether it is nested so deeply that the rest was not looked at. */
  boolean tooDeep() {
    return state == State.TOO_DEEP;
  }

  private void structure(byte b) {
    if (b == ' ' || b == '\t' || b == '\n' || b == '\r') {
      return;
    }
    switch (state) {
      case VALUE -> beginValue(b);
      case FIRST_ELEMENT -> {
        if (b == ']') {
          close();
        } else {
          beginValue(b);
        }
      }
      case FIRST_NAME -> {
        if (b == '}') {
          close();
        } else {
          beginName(b);
        }
      }
      case NAME -> beginName(b);
      case COLON -> state = b == ':' ? State.VALUE : State.BROKEN;
      case AFTER -> afterValue(b);
      case STRING, LITERAL, BROKEN, TOO_DEEP ->
          throw new AssertionError("state: " + state + " (expected: one between values)");
      default -> throw new AssertionError("state: " + state + " (expected: a known one)");
    }
  }

  private void afterValue(byte b) {
    if (depth == 0) {
      begun = false;
      beginValue(b);
    } else if (b == ',') {
      state = inObject() ? State.NAME : State.VALUE;
    } else if (b == (inObject() ? '}' : ']')) {
      close();
    } else {
      state = State.BROKEN;
    }
  }

  private boolean inObject() {
    return depth > 0 && objects.get(depth - 1);
  }

  private AnswerPlace around() {
    return depth == 0 || depth > MAX_PLACES ? null : places[depth - 1];
  }

  private void beginName(byte b) {
    if (b == '"') {
      isName = true;
      beginString(depth == 1 || around() != null);
    } else {
      state = State.BROKEN;
    }
  }

  private void beginValue(byte b) {
    AnswerPlace around = around();
    if (depth == 0) {
      place = root;
    } else if (around == null) {
      place = null;
    } else if (arrayOfRoots && depth == 1 && !inObject()) {
      place = root;
    } else {
      place = inObject() ? around.member(memberName) : around.element();
    }
    if (around == root && inObject() && memberName != null) {
      listener.member(memberName);
    }
    if (around != null && !begun) {
      listener.filled(around, !inObject());
    }
    begun = true;
    switch (b) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> {
        isName = false;
        beginString(place != null);
      }
      default -> {
        length = 0;
        state = isLiteral(b) ? State.LITERAL : State.BROKEN;
      }
    }
  }

  private void open(boolean object) {
    if (depth == MAX_DEPTH) {
      state = State.TOO_DEEP;
      return;
    }
    if (depth < MAX_PLACES) {
      places[depth] = place;
    }
    objects.set(depth, object);
    depth++;
    begun = false;
    state = object ? State.FIRST_NAME : State.FIRST_ELEMENT;
  }

  private void close() {
    depth--;
    begun = true;
    state = State.AFTER;
  }

  private void beginString(boolean kept) {
    state = State.STRING;
    keeps = kept;
    escaped = false;
    escapes = false;
    length = 0;
  }

  private int string(byte[] data, int from, int to) {
    if (escaped) {
      escaped = false;
      keep(data, from, from + 1);
      return from + 1;
    }
    int at = from;
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
      length = keeps ? to - from : 0;
      word = data;
      wordFrom = from;
    } else {
      keep(data, from, to);
      word = text;
      wordFrom = 0;
    }
  }

  private void keep(byte[] data, int from, int to) {
    if (keeps) {
      text = text == null ? new byte[MAX_TEXT] : text;
      int room = Math.max(0, Math.min(to - from, MAX_TEXT - length));
      System.arraycopy(data, from, text, Math.min(length, MAX_TEXT), room);
      length += to - from;
    }
  }

  private void endString() {
    if (isName) {
      // A name that is too long to be kept is none that matters.
      memberName = keeps && length <= MAX_TEXT ? plain() : null;
      state = State.COLON;
      return;
    }
    state = State.AFTER;
    if (place != null) {
      listener.scalar(place, told());
    }
  }

  /** The text of a reason; of any other value it is only asked whether there is any. */
  private String told() {
    if (place.sign() != AnswerPlace.Sign.REASON && length > 0) {
      return SOME;
    }
    return length <= MAX_TEXT ? plain() : kept();
  }

  private String kept() {
    int bytes = Math.min(length, MAX_TEXT);
    String known = KNOWN.of(word, wordFrom, bytes);
    return known == null ? new String(word, wordFrom, bytes, StandardCharsets.UTF_8) : known;
  }

  private static KnownNames known() {
    Set<String> names = new HashSet<>(Dialect.names());
    names.addAll(WORDS);
    names.addAll(NOTHING);
    return new KnownNames(names);
  }

  /** The kept text without its escapes; as it is if they are none. */
  private String plain() {
    if (!escapes) {
      return kept();
    }
    byte[] quoted = new byte[length + 2];
    Arrays.fill(quoted, (byte) '"');
    System.arraycopy(word, wordFrom, quoted, 1, length);
    try (JsonParser json = HostileJson.parser(quoted, 0, quoted.length)) {
      json.nextToken();
      return json.getText();
    } catch (IOException notEscaped) {
      return kept();
    }
  }

  private int literal(byte[] data, int from, int to) {
    int at = from;
    while (at < to && isLiteral(data[at])) {
      at++;
    }
    keeps = true;
    if (at < to) {
      ends(data, from, at);
      endLiteral();
    } else {
      keep(data, from, at);
    }
    return at;
  }

  private void endLiteral() {
    byte first = word[wordFrom];
    boolean number = first == '-' && length > 1 || first >= '0' && first <= '9';
    String literal = number ? null : kept();
    boolean nothing = !number && NOTHING.contains(literal);
    if (!nothing && !number && !WORDS.contains(literal)) {
      state = State.BROKEN;
      return;
    }
    state = State.AFTER;
    if (place != null && !nothing) {
      listener.scalar(place, null);
    }
  }

  private static boolean isLiteral(byte b) {
    return b >= '0' && b <= '9'
        || b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b == '-'
        || b == '+'
        || b == '.';
  }
}
