package com.huntaze.rollout.app;

import java.io.Console;
import java.util.Map;

/** The terminal of this process, if it has one. */
final class TerminalDetection {
  private TerminalDetection() {}

  /** Returns whether input and output are both a terminal's. */
  static boolean isInteractive() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From JDK 22 on there is always a console, and it can be asked.
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException odd) {
      return false;
    }
  }

  /** Returns whether colours are welcome: {@code NO_COLOR} and dumb terminals say no. */
  static boolean hasColours() {
    Map<String, String> environment = System.getenv();
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }
}
