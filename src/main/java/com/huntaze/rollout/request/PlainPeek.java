package com.huntaze.rollout.request;

import com.huntaze.rollout.upstream.ModelNames;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the wanted fields of a plain body in one pass over its bytes, without an object for a token
 * or a level. Plain is a JSON object in UTF-8 in which nothing that is wanted is unusual: names are
 * ASCII without escapes, wanted values too, and no field is there whose reading depends on more
 * than its name and its value. Of anything else, and of what is no JSON, it says nothing at all:
 * {@link BodyPeek} then reads the body from its beginning by Jackson's parser. So there is one
 * reading of each body, and this is never a second opinion.
 */
final class PlainPeek extends PlainTokens {
  /** More containers than that within each other are no plain body. */
  private static final int MOST_DEPTH = Long.SIZE - 1;

  /** Fields of the body's own object that need more than a look at their value. */
  private static final String[] PARTICULAR = {
    "stream_options", BodyReferences.CONVERSATION, BodyReferences.GOES_ON_WITH
  };

  private static final String[] REFERENCES =
      Stream.concat(BodyReferences.NAMES.stream(), Stream.of(BodyReferences.AUDIO))
          .toArray(String[]::new);

  private static final String STREAM = "stream";

  private final int from;
  private final List<String> wanted;
  private final boolean asksUsage;
  private final boolean asksObjects;

  private Map<String, String> found = Map.of();
  private ModelNames.Span model;
  private int models;
  private boolean streams;

  /** The field that is read has the items of a response, which may be named by their ids. */
  private boolean items;

  private PlainPeek(
      byte[] data, int from, int end, List<String> wanted, boolean usage, boolean objects) {
    super(data, from, end);
    this.from = from;
    this.wanted = wanted;
    this.asksUsage = usage;
    this.asksObjects = objects;
  }

  /**
   * Reads a body.
   *
   * @param wanted the names of fields; {@code a.b} is the field b of the object a
   * @param usage whether it is wanted how a stream's usage is asked for
   * @param objects whether the objects are wanted that it names
   * @return {@code null} = it is not plain
   */
  static BodyPeek.Told read(
      byte[] data, int from, int length, List<String> wanted, boolean usage, boolean objects) {
    PlainPeek peek = new PlainPeek(data, from, from + length, wanted, usage, objects);
    return peek.object() ? peek.told() : null;
  }

  private BodyPeek.Told told() {
    return new BodyPeek.Told(
        found,
        streams ? UsageRequest.wholeOption(brace() + 1 - from) : null,
        List.of(),
        models > 1 ? null : model);
  }

  private int brace() {
    int brace = from;
    while (data[brace] != '{') {
      brace++;
    }
    return brace;
  }

  private boolean object() {
    if (next() != '{') {
      return false;
    }
    at++;
    boolean all = asksUsage || asksObjects;
    if (next() == '}') {
      return true;
    }
    while (all || found.size() < wanted.size()) {
      if (next() != '"' || !name() || !field()) {
        return false;
      }
      int separator = next();
      if (separator == '}') {
        return true;
      } else if (separator != ',') {
        return false;
      }
      at++;
    }
    return true;
  }

  /** Reads the value of the field whose name was read. */
  private boolean field() {
    String name = wanted();
    int begin = next();
    boolean struct = begin == '{' || begin == '[';
    if (name != null && !struct) {
      return keep(name);
    } else if (begin == '{' && holdsWanted() || isParticular()) {
      return false;
    }
    items = is(BodyReferences.ITEMS);
    if (asksUsage && is(STREAM)) {
      streams = begin == 't';
    } else if (asksObjects && isReference()) {
      return false;
    }
    return value();
  }

  private boolean keep(String name) {
    int begin = at;
    int kind = data[begin];
    if (!scalar()) {
      return false;
    }
    boolean string = kind == '"';
    boolean number = (kind == '-' || isDigit(kind)) && whole;
    if (string && (!simple || valueEnd - begin - 2 > BodyPeek.MAX_VALUE)) {
      return false;
    } else if (string || number || kind == 't' && name.equals(RequestClassifier.BACKGROUND)) {
      int quote = string ? 1 : 0;
      put(name, begin + quote, valueEnd - quote);
      if (name.equals(RequestClassifier.MODEL)) {
        models++;
        model = string ? new ModelNames.Span(begin - from, valueEnd - from, true) : null;
      }
    }
    return true;
  }

  private void put(String name, int begin, int to) {
    String value = new String(data, begin, to - begin, StandardCharsets.ISO_8859_1);
    if (found.isEmpty()) {
      // Most bodies have one.
      found = Map.of(name, value);
      return;
    }
    found = found.size() == 1 ? new HashMap<>(found) : found;
    found.put(name, value);
  }

  /** Reads past a value of any kind, and all that it holds. */
  private boolean value() {
    int depth = 0;
    // Of each container that is open one bit: 1 = an object.
    long objects = 0;
    while (true) {
      int begin = next();
      boolean opened = begin == '{' || begin == '[';
      if (opened) {
        at++;
        depth++;
        objects = objects << 1 | (begin == '{' ? 1 : 0);
        if (depth > MOST_DEPTH) {
          return false;
        }
      } else if (!scalar()) {
        return false;
      }
      // Behind a value: closed containers, then a comma, if there is a container left.
      boolean empty = opened;
      while (depth > 0 && next() == ((objects & 1) == 1 ? '}' : ']')) {
        at++;
        depth--;
        objects >>>= 1;
        empty = false;
      }
      if (depth == 0) {
        return true;
      }
      if (!empty) {
        if (next() != ',') {
          return false;
        }
        at++;
      }
      if ((objects & 1) == 1 && (next() != '"' || !name() || asksObjects && isReference())) {
        return false;
      }
    }
  }

  /** The wanted name that the field has; {@code null} = it is not wanted. */
  private String wanted() {
    for (int i = 0; i < wanted.size(); i++) {
      if (is(wanted.get(i))) {
        return wanted.get(i);
      }
    }
    return null;
  }

  /** Tells whether a field of the object with this name is wanted. */
  private boolean holdsWanted() {
    int length = nameLength();
    for (int i = 0; i < wanted.size(); i++) {
      String each = wanted.get(i);
      if (each.length() > length && each.charAt(length) == '.' && begins(each, length)) {
        return true;
      }
    }
    return false;
  }

  private boolean isParticular() {
    return isAny(PARTICULAR);
  }

  private boolean isReference() {
    return items && is(BodyReferences.ID) || isAny(REFERENCES);
  }

  private boolean isAny(String[] names) {
    for (String each : names) {
      if (is(each)) {
        return true;
      }
    }
    return false;
  }
}
