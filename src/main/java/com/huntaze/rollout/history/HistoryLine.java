package com.huntaze.rollout.history;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A row as a line of a file: {@code 1 5f3a2b1c at,percentage,verdict,…}, the version of the form,
 * the checksum of the rest, and the rest. A line that was cut, or of which a bit is another, is
 * none.
 */
public final class HistoryLine {
  /** No line is longer; a file that holds none is not read into memory as one. */
  public static final int LONGEST = 512;

  private static final String VERSION = "1 ";
  private static final int SUM = 8;
  private static final int HEAD = VERSION.length() + SUM + 1;
  private static final int FIELDS = 3 + 2 * Figures.COUNT;

  private HistoryLine() {}

  /** The line, with its end. */
  public static byte[] write(HistoryRow row) {
    StringBuilder rest = new StringBuilder(160);
    rest.append(row.at()).append(',').append(row.percentage()).append(',').append(row.verdict());
    row.foundry().values().forEach(value -> rest.append(',').append(text(value)));
    row.legacy().values().forEach(value -> rest.append(',').append(text(value)));
    byte[] bytes = rest.toString().getBytes(US_ASCII);
    return (VERSION + sum(bytes, 0, bytes.length) + " " + rest + "\n").getBytes(US_ASCII);
  }

  /** Six digits tell more than a chart shows. */
  private static String text(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  private static String sum(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /**
   * Reads one, without its end.
   *
   * @return empty = it is damaged, or of another version
   */
  public static Optional<HistoryRow> read(byte[] bytes, int length) {
    if (length <= HEAD
        || !new String(bytes, 0, VERSION.length(), US_ASCII).equals(VERSION)
        || bytes[HEAD - 1] != ' ') {
      return Optional.empty();
    }
    String told = new String(bytes, VERSION.length(), SUM, US_ASCII);
    if (!told.equals(sum(bytes, HEAD, length - HEAD))) {
      return Optional.empty();
    }
    String[] fields = new String(bytes, HEAD, length - HEAD, US_ASCII).split(",", -1);
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new HistoryRow(
              Long.parseLong(fields[0]),
              Integer.parseInt(fields[1]),
              fields[2],
              figures(fields, 3),
              figures(fields, 3 + Figures.COUNT)));
    } catch (NumberFormatException otherForm) {
      return Optional.empty();
    }
  }

  private static Figures figures(String[] fields, int from) {
    List<Double> values = new ArrayList<>();
    for (int i = from; i < from + Figures.COUNT; i++) {
      values.add(fields[i].isEmpty() ? Double.NaN : Double.parseDouble(fields[i]));
    }
    return Figures.of(values);
  }
}
