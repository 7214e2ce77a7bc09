package com.huntaze.rollout.judge.segment;

import com.huntaze.rollout.judge.difference.ExchangeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A part of the traffic: everything of one model, agent, route or tier. An exchange is of up to
 * four.
 *
 * @param name as clients and configuration call it, with nothing in it that a line of a log or a
 *     page could mistake for something else; at most {@value #MOST_LENGTH} characters
 */
public record Segment(Kind kind, String name) {
  static final int MOST_LENGTH = 64;

  /** All parts that have no place of their own, together. */
  public static final Segment REST = new Segment(Kind.REST, "the rest");

  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final String MARKS = " ._:/@{}*-";

  /** The property by which traffic is parted. */
  public enum Kind {
    /** As the request names it. */
    MODEL(16, ExchangeKind::model),
    AGENT(4, ExchangeKind::agent),
    ROUTE(8, ExchangeKind::route),
    TIER(4, ExchangeKind::tier),
    /** All that has no place of its own. */
    REST(1, of -> null);

    private final int places;
    private final Function<ExchangeKind, String> name;
    private final String label = name().toLowerCase(Locale.ROOT);

    Kind(int places, Function<ExchangeKind, String> name) {
      this.places = places;
      this.name = name;
    }

    /** Returns the number of its parts that are compared by themselves. */
    int places() {
      return places;
    }

    /** Short and stable, for JSON. */
    public String label() {
      return label;
    }
  }

  /** Names come from clients: whatever is no part of a name is a question mark. */
  public Segment {
    name = shown(name);
  }

  private static String shown(String name) {
    String cut = name.length() > MOST_LENGTH ? name.substring(0, MOST_LENGTH) : name;
    int plain = 0;
    while (plain < cut.length() && isOfName(cut.charAt(plain))) {
      plain++;
    }
    if (plain == cut.length()) {
      // Nearly every name: each exchange makes up to four of these.
      return cut;
    }
    StringBuilder shown = new StringBuilder(cut.length()).append(cut, 0, plain);
    for (int i = plain; i < cut.length(); i++) {
      shown.append(isOfName(cut.charAt(i)) ? cut.charAt(i) : '?');
    }
    return shown.toString();
  }

  private static boolean isOfName(char each) {
    boolean letter = each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z';
    return letter || each >= '0' && each <= '9' || MARKS.indexOf(each) >= 0;
  }

  /** The parts that an exchange is of. */
  static List<Segment> of(ExchangeKind exchange) {
    List<Segment> parts = new ArrayList<>(KINDS.size());
    for (int i = 0; i < KINDS.size(); i++) {
      Kind kind = KINDS.get(i);
      String name = kind.name.apply(exchange);
      if (name != null && !name.isEmpty()) {
        parts.add(new Segment(kind, name));
      }
    }
    return parts;
  }

  /** Its name for people, such as {@code model gpt-4o}. */
  public String text() {
    return kind == Kind.REST ? name : kind.label + " " + name;
  }
}
