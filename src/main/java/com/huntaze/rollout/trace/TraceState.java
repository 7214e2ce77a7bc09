package com.huntaze.rollout.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of a trace that belongs to other vendors, in the {@code tracestate} header (W3C Trace
 * Context, Level 1, section 3.3). It passes as it came, as long as it is within bounds.
 */
public final class TraceState {
  /** Section 3.3.1.1: "There can be a maximum of 32 list-members in a list." */
  private static final int MOST = 32;

  /** Section 3.3.1.5: a vendor should propagate at least so many characters. */
  private static final int LONGEST = 512;

  /** Members over this length go first when it gets too long (section 3.3.1.5). */
  private static final int LARGE = 128;

  /** Section 3.3.1.3.1: a simple key, or one with the name of a tenant before it. */
  private static final String KEY =
      "(?:[a-z][_0-9a-z\\-*/]{0,255}|[a-z0-9][_0-9a-z\\-*/]{0,240}@[a-z][_0-9a-z\\-*/]{0,13})";

  /** Section 3.3.1.3.2: printable ASCII without comma and equals sign, no blank at the end. */
  private static final String VALUE = "[ -+\\--<>-~]{0,255}[!-+\\--<>-~]";

  private static final Pattern MEMBER = Pattern.compile(KEY + "=" + VALUE);

  private TraceState() {}

  /**
   * The header to send on.
   *
   * @param fields the values of all the fields of the name, in their order
   * @return {@code null} if there is nothing to be sent: no member, or one that is malformed or
   *     stands twice, or too many, for then nothing of it can be relied on (section 4.3)
   */
  public static String bounded(List<String> fields) {
    List<String> members = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (String field : fields) {
      for (String part : field.split(",", MOST + 2)) {
        String member = trimmed(part);
        if (member.isEmpty()) {
          continue;
        }
        boolean fresh =
            MEMBER.matcher(member).matches()
                && keys.add(member.substring(0, member.indexOf('=')))
                && members.size() < MOST;
        if (!fresh) {
          return null;
        }
        members.add(member);
      }
    }
    return shortened(members);
  }

  private static String shortened(List<String> members) {
    if (length(members) > LONGEST) {
      members.removeIf(member -> member.length() > LARGE);
    }
    while (length(members) > LONGEST) {
      members.remove(members.size() - 1);
    }
    return members.isEmpty() ? null : String.join(",", members);
  }

  private static int length(List<String> members) {
    return members.stream().mapToInt(member -> member.length() + 1).sum() - 1;
  }

  /** Without the blanks and tabs around it, which are the list's and not the member's. */
  private static String trimmed(String part) {
    int from = 0;
    int to = part.length();
    while (from < to && blank(part.charAt(from))) {
      from++;
    }
    while (to > from && blank(part.charAt(to - 1))) {
      to--;
    }
    return part.substring(from, to);
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }
}
