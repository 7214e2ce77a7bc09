package com.huntaze.rollout.outcome;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the words without which an event's JSON can be neither an error nor an end, in one pass
 * over the bytes.
 *
 * <p>{@code "finish_reason":null} stands in every chunk of OpenAI's and {@code "error":null} in
 * many of Responses': they do not count. Text that quotes such a word has its quotes escaped and is
 * not found.
 */
final class DecidingWords {
  private static final byte[] ERROR = bytes("\"error\"");
  private static final byte[] FINISH_REASON = bytes("\"finish_reason\"");
  private static final byte[] GEMINI_REASON = bytes("\"finishReason\"");
  private static final byte[] MESSAGE_STOP = bytes("\"message_stop\"");
  private static final byte[] RESPONSE = bytes("\"response.");
  private static final byte[] DONE = bytes("\"done\"");
  private static final byte[] TRUE = bytes("true");
  private static final byte[] NULL = bytes("null");
  private static final byte[] EMPTY = bytes("\"\"");

  private DecidingWords() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns whether one of the words is in the data, so that the event must be parsed. */
  static boolean in(byte[] data, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (data[i] == '"' && decides(data, i, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean decides(byte[] data, int at, int to) {
    return switch (data[at + 1]) {
      case 'd' -> isAt(DONE, data, at, to) && isTrue(data, at + DONE.length, to);
      case 'e' -> isAt(ERROR, data, at, to) && !isNothing(data, at + ERROR.length, to);
      case 'f' ->
          isAt(GEMINI_REASON, data, at, to)
              || isAt(FINISH_REASON, data, at, to)
                  && !isNothing(data, at + FINISH_REASON.length, to);
      case 'm' -> isAt(MESSAGE_STOP, data, at, to);
      case 'r' -> isAt(RESPONSE, data, at, to) && ends(data, at + RESPONSE.length, to);
      default -> false;
    };
  }

  /**
   * By the first letter: {@code completed}, {@code incomplete} or {@code in_progress}, {@code f}.
   */
  private static boolean ends(byte[] data, int at, int to) {
    return at + 2 < to
        && (data[at] == 'f'
            || data[at] == 'i' && data[at + 2] == 'c'
            || data[at] == 'c' && data[at + 2] == 'm');
  }

  private static boolean isAt(byte[] word, byte[] data, int at, int to) {
    return to - at >= word.length
        && Arrays.equals(word, 0, word.length, data, at, at + word.length);
  }

  /** Returns whether {@code : null} or {@code : ""} follows. */
  private static boolean isNothing(byte[] data, int from, int to) {
    int value = value(data, from, to);
    return isAt(NULL, data, value, to) || isAt(EMPTY, data, value, to);
  }

  /** Tells whether {@code : true} follows. */
  private static boolean isTrue(byte[] data, int from, int to) {
    return isAt(TRUE, data, value(data, from, to), to);
  }

  /** Returns the beginning of the value behind a name; {@code to} = it has none. */
  private static int value(byte[] data, int from, int to) {
    int colon = pastSpace(data, from, to);
    return colon == to || data[colon] != ':' ? to : pastSpace(data, colon + 1, to);
  }

  private static int pastSpace(byte[] data, int from, int to) {
    int at = from;
    while (at < to && (data[at] == ' ' || data[at] == '\t' || data[at] == '\n')) {
      at++;
    }
    return at;
  }
}
