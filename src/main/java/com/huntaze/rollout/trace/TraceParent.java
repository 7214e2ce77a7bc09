package com.huntaze.rollout.trace;

/**
 * The parent of a span, as the {@code traceparent} header has it (W3C Trace Context, Level 1,
 * section 3.2).
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param sampled whether the caller may have recorded its part
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
  private static final int TRACE_AT = 3;
  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;
  private static final int LENGTH = 55;

  /** A later version may be longer; nobody needs one that is longer than this. */
  private static final int LONGEST = 512;

  /**
   * Reads a header.
   *
   * @param header the field's value, {@code null} = there is none
   * @return {@code null} if it is no valid one: it is then as good as absent (section 3.2.2.4)
   */
  public static TraceParent parse(String header) {
    if (header == null || header.length() < LENGTH || header.length() > LONGEST) {
      return null;
    }
    boolean dashes =
        header.charAt(TRACE_AT - 1) == '-'
            && header.charAt(SPAN_AT - 1) == '-'
            && header.charAt(FLAGS_AT - 1) == '-';
    boolean valid =
        dashes
            && knownLength(header)
            && hex(header, 0, TRACE_AT - 1)
            && !header.startsWith("ff")
            && id(header, TRACE_AT, SPAN_AT - 1)
            && id(header, SPAN_AT, FLAGS_AT - 1)
            && hex(header, FLAGS_AT, LENGTH);
    if (!valid) {
      return null;
    }
    boolean sampled = (Character.digit(header.charAt(LENGTH - 1), 16) & 1) == 1;
    return new TraceParent(
        header.substring(TRACE_AT, SPAN_AT - 1), header.substring(SPAN_AT, FLAGS_AT - 1), sampled);
  }

  /** Version 00 ends with the flags; what a later one adds begins with a dash (section 4). */
  private static boolean knownLength(String header) {
    return header.length() == LENGTH || !header.startsWith("00") && header.charAt(LENGTH) == '-';
  }

  private static boolean id(String header, int from, int to) {
    boolean zero = true;
    for (int i = from; i < to; i++) {
      zero &= header.charAt(i) == '0';
    }
    return !zero && hex(header, from, to);
  }

  private static boolean hex(String header, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = header.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The header's value, in version 00; of the flags only {@code sampled} is known to us. */
  public String header() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
