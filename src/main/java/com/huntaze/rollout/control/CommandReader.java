package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.canary.Command;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the body of {@code rollout.canary.command}; anyone may have written it. */
final class CommandReader {
  /** The characters of Unicode's property Bidi_Control. */
  private static final Pattern BIDI =
      Pattern.compile("[\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

  private static final Set<String> FIELDS = Set.of("command", "reason", "actor");
  private static final Set<String> SET_FIELDS = Set.of("command", "reason", "actor", "percentage");

  private static final int MAX_TEXT = 500;

  private CommandReader() {}

  /**
   * The command that the body asks for.
   *
   * @throws IllegalArgumentException with a sentence for the sender
   */
  static Command read(Object message) {
    if (!(message instanceof JsonObject body)) {
      throw new IllegalArgumentException("body: not a JSON object (expected: {\"command\": …})");
    }
    Bodies.known(body, "set".equals(body.getValue("command")) ? SET_FIELDS : FIELDS);
    String actor = text(body, "actor", "unnamed");
    String reason = text(body, "reason", "");
    String command = text(body, "command", "");
    return switch (command) {
      case "start" -> new Command.Start(actor, reason);
      case "advance" -> new Command.Advance(actor, reason);
      case "pause" -> new Command.Pause(actor, reason);
      case "resume" -> new Command.Resume(actor, reason);
      case "set" -> new Command.SetPercentage(percentage(body), actor, reason);
      case "rollback" -> new Command.Rollback(actor, reason);
      case "reset" -> new Command.Reset(actor, reason);
      default ->
          throw new IllegalArgumentException(
              "command: \"%s\" (expected: start, advance, pause, resume, set, rollback or reset)"
                  .formatted(command));
    };
  }

  private static int percentage(JsonObject body) {
    Object value = body.getValue("percentage");
    if (isWhole(value) && value instanceof Number number) {
      long percentage = number.longValue();
      if (percentage >= 0 && percentage <= 100) {
        return (int) percentage;
      }
    }
    throw new IllegalArgumentException(
        "percentage: %s (expected: a whole number, 0..100)".formatted(clean(value)));
  }

  /** A sender in this JVM may use any of Java's whole numbers: nothing is serialised on the way. */
  static boolean isWhole(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte;
  }

  private static String text(JsonObject body, String field, String whenAbsent) {
    Object value = body.getValue(field);
    if (value == null) {
      return whenAbsent;
    }
    if (value instanceof String text && text.length() <= MAX_TEXT) {
      return clean(text);
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: text of at most %d characters)"
            .formatted(field, clean(value), MAX_TEXT));
  }

  /**
   * Control characters would forge lines in logs and terminals, and those that turn the direction
   * of text would have a reader see other words than stand there: those are shown by their codes.
   */
  static String clean(Object value) {
    String lines = String.valueOf(value).replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ");
    String text =
        BIDI.matcher(lines).replaceAll(turn -> "\\\\u%04X".formatted((int) turn.group().charAt(0)));
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
  }
}
