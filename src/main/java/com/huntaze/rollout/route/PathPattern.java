package com.huntaze.rollout.route;

import java.util.List;

/**
 * A path in which {@code *} stands for one segment, {@code **} at the end for any number of them,
 * none included, and a star at the end of a longer segment for any rest.
 */
final class PathPattern {
  private static final String ONE = "*";
  private static final String ANY = "/**";

  private final List<String> segments;

  /** The begin of the segment behind the others, after which anything may come. */
  private final String rest;

  private final boolean anything;
  private final int literal;

  private PathPattern(List<String> segments, String rest, boolean anything, int literal) {
    this.segments = segments;
    this.rest = rest;
    this.anything = anything;
    this.literal = literal;
  }

  /** The pattern of a text as {@link RouteSettings#match} has it behind the method. */
  static PathPattern of(String text) {
    int literal = text.indexOf('*') < 0 ? text.length() : text.indexOf('*');
    if (text.endsWith(ANY)) {
      String before = text.substring(0, text.length() - ANY.length());
      List<String> segments = before.isEmpty() ? List.of() : PlainPath.segments(before);
      return new PathPattern(segments, null, true, literal);
    }
    List<String> all = PlainPath.segments(text);
    String last = all.get(all.size() - 1);
    if (last.endsWith(ONE) && last.length() > 1) {
      return new PathPattern(
          List.copyOf(all.subList(0, all.size() - 1)),
          last.substring(0, last.length() - 1),
          true,
          literal);
    }
    return new PathPattern(List.copyOf(all), null, false, literal);
  }

  boolean matches(List<String> path) {
    int fixed = segments.size();
    int more = path.size() - fixed;
    if (more < 0 || !anything && more > 0 || rest != null && more == 0) {
      return false;
    }
    for (int i = 0; i < fixed; i++) {
      String wanted = segments.get(i);
      boolean same = wanted.equals(ONE) ? !path.get(i).isEmpty() : wanted.equals(path.get(i));
      if (!same) {
        return false;
      }
    }
    return rest == null || path.get(fixed).startsWith(rest);
  }

  /** The number of characters before its first star: of two patterns the longer one is nearer. */
  int literal() {
    return literal;
  }

  /** Tells whether any rest matches. */
  boolean isOpen() {
    return anything;
  }
}
