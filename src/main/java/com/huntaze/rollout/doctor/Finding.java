package com.huntaze.rollout.doctor;

/**
 * The finding of a check.
 *
 * @param name what was looked at: {@code foundry tls}
 * @param seen one line, without secrets
 * @param remedy what to do, one line; empty for {@link Level#OK}
 */
public record Finding(Level level, String name, String seen, String remedy) {
  private static final int MOST = 300;

  /** Makes the texts fit for a line of a terminal, whoever has had a hand in them. */
  public Finding {
    seen = line(seen);
    remedy = line(remedy);
  }

  private static String line(String text) {
    String clean = text.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ");
    return clean.length() > MOST ? clean.substring(0, MOST) + "…" : clean;
  }

  static Finding ok(String name, String seen) {
    return new Finding(Level.OK, name, seen, "");
  }

  static Finding warn(String name, String seen, String remedy) {
    return new Finding(Level.WARN, name, seen, remedy);
  }

  static Finding fail(String name, String seen, String remedy) {
    return new Finding(Level.FAIL, name, seen, remedy);
  }

  /** The same, but no worse than a warning: what is not in use cannot fail. */
  Finding atMostWarn() {
    return level == Level.FAIL ? new Finding(Level.WARN, name, seen, remedy) : this;
  }
}
