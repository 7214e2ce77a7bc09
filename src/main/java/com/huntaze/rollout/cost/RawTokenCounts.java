package com.huntaze.rollout.cost;

import java.util.Arrays;

/** The counts of one usage object as the provider names them. */
final class RawTokenCounts {
  private static final int UNSET = -1;

  /** A number was told that is no count, such as -1. */
  private static final int UNREADABLE = -2;

  private static final int MAX_DIGITS = 12;

  /** The first of the fields that are counts, which follow on each other. */
  private static final int FIRST = UsageField.PROMPT.ordinal();

  private static final int FIELDS = UsageField.COST.ordinal() - FIRST;

  /** Of what nothing has been told; it is never written to. */
  private static final long[] NOTHING = new long[FIELDS];

  static {
    Arrays.fill(NOTHING, UNSET);
  }

  /** Made when there is a count: a stream tells none until its end. */
  private long[] values = NOTHING;

  void clear() {
    if (values != NOTHING) {
      Arrays.fill(values, UNSET);
    }
  }

  private void set(int at, long value) {
    if (values == NOTHING) {
      values = NOTHING.clone();
    }
    values[at] = value;
  }

  /** Takes the count that the digits tell; what is no number is ignored. */
  void put(UsageField field, byte[] text, int from, int length) {
    long value = count(text, from, from + length);
    int at = field.ordinal() - FIRST;
    if (value >= 0) {
      set(at, value);
    } else if (values[at] == UNSET && isNumber(text, from, length)) {
      set(at, UNREADABLE);
    }
  }

  private static boolean isNumber(byte[] text, int from, int length) {
    return length > 0 && (text[from] == '-' || text[from] >= '0' && text[from] <= '9');
  }

  /** A whole number of at most twelve digits, also written as {@code 12.0}; -1 = none. */
  private static long count(byte[] text, int from, int to) {
    long value = 0;
    int at = from;
    while (at < to && text[at] >= '0' && text[at] <= '9' && at - from < MAX_DIGITS) {
      value = 10 * value + text[at] - '0';
      at++;
    }
    return at > from && isZeroFraction(text, at, to) ? value : UNSET;
  }

  private static boolean isZeroFraction(byte[] text, int from, int to) {
    if (from == to) {
      return true;
    }
    boolean zeros = text[from] == '.' && to > from + 1;
    for (int i = from + 1; i < to; i++) {
      zeros &= text[i] == '0';
    }
    return zeros;
  }

  boolean isEmpty() {
    for (long value : values) {
      if (value != UNSET) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes over what the newer counts tell beyond these, and leaves nothing in the newer. What has
   * been told is never lowered: the counts of an answer only grow while it comes, and a later
   * fragment, or zeros, undo nothing.
   *
   * @return whether they told more
   */
  boolean merge(RawTokenCounts newer) {
    if (values == NOTHING) {
      return take(newer);
    }
    boolean more = false;
    for (int i = 0; i < values.length; i++) {
      boolean tells = newer.values[i] != UNSET && newer.values[i] > values[i];
      boolean spoils = newer.values[i] == UNREADABLE && values[i] == UNSET;
      if (tells || spoils) {
        set(i, newer.values[i]);
      }
      more |= tells;
    }
    newer.clear();
    return more;
  }

  /** The first counts of an answer are all that is known of it. */
  private boolean take(RawTokenCounts newer) {
    values = newer.values;
    newer.values = NOTHING;
    boolean more = false;
    for (long value : values) {
      more |= value >= 0;
    }
    return more;
  }

  /**
   * Tells whether they say what was used: the total, or the input beside an output that is one. An
   * answer without output, such as an embedding, tells none.
   */
  boolean areComplete() {
    boolean input = has(UsageField.PROMPT) || has(UsageField.INPUT);
    boolean output = values[UsageField.OUTPUT.ordinal() - FIRST] != UNREADABLE;
    return has(UsageField.TOTAL) || input && output;
  }

  private boolean has(UsageField field) {
    return values[field.ordinal() - FIRST] >= 0;
  }

  private long get(UsageField field) {
    return Math.max(0, values[field.ordinal() - FIRST]);
  }

  /**
   * The same in our terms. Providers differ in what their totals include: OpenAI's input includes
   * the cached tokens and Anthropic's does not, Gemini's not the results of tools; most outputs
   * include the reasoning and Gemini's and xAI's do not.
   */
  Usage usage() {
    long cacheWrite = get(UsageField.CACHE_WRITE);
    long cached = Math.max(get(UsageField.CACHED), get(UsageField.CACHE_READ));
    long input = input();
    long output = output(input);
    cacheWrite = Math.min(cacheWrite, input);
    cached = Math.min(cached, input - cacheWrite);
    long reasoning =
        Math.min(Math.max(get(UsageField.REASONING), get(UsageField.THOUGHTS)), output);
    return new Usage(
        input,
        output,
        cached,
        cacheWrite,
        reasoning,
        Math.min(get(UsageField.LONG_CACHE_WRITE), cacheWrite),
        Math.min(get(UsageField.AUDIO_INPUT), input - cacheWrite - cached),
        Math.min(get(UsageField.AUDIO_OUTPUT), output - reasoning));
  }

  private long input() {
    if (has(UsageField.PROMPT)) {
      return get(UsageField.PROMPT) + get(UsageField.TOOL_PROMPT);
    } else if (has(UsageField.INPUT)) {
      return get(UsageField.INPUT) + get(UsageField.CACHE_READ) + get(UsageField.CACHE_WRITE);
    } else if (has(UsageField.CACHE_READ) || has(UsageField.CACHE_WRITE)) {
      return get(UsageField.CACHE_READ) + get(UsageField.CACHE_WRITE);
    }
    return Math.max(0, get(UsageField.TOTAL) - get(UsageField.OUTPUT));
  }

  private long output(long input) {
    if (!has(UsageField.OUTPUT)) {
      return Math.max(get(UsageField.THOUGHTS), get(UsageField.TOTAL) - input);
    }
    long output = get(UsageField.OUTPUT) + get(UsageField.THOUGHTS);
    long reasoning = get(UsageField.REASONING);
    boolean apart = reasoning > 0 && get(UsageField.TOTAL) == input + output + reasoning;
    return apart ? output + reasoning : output;
  }
}
