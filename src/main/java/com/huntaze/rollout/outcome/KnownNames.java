package com.huntaze.rollout.outcome;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * Names that answers are made of, found by their bytes: an answer has two dozen of them, and nearly
 * always the same, for which no new string need be made. Fixed once it is made; no answer can put
 * anything into it.
 */
final class KnownNames {
  private final byte[][] bytes;
  private final String[] names;

  /**
   * @param known ASCII
   */
  KnownNames(Collection<String> known) {
    // At least half of the places stay free, so that a search ends soon.
    int places = Integer.highestOneBit(Math.max(8, known.size())) * 4;
    bytes = new byte[places][];
    names = new String[places];
    for (String name : known) {
      byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
      int place = place(ascii, 0, ascii.length);
      bytes[place] = ascii;
      names[place] = name;
    }
  }

  /** Returns the name of the first bytes; {@code null} = it is not known. */
  String of(byte[] text, int length) {
    return of(text, 0, length);
  }

  /** The same of the bytes from a place on. */
  String of(byte[] text, int from, int length) {
    return names[place(text, from, length)];
  }

  private int place(byte[] text, int from, int length) {
    int place = hash(text, from, length) & (bytes.length - 1);
    while (bytes[place] != null
        && !Arrays.equals(bytes[place], 0, bytes[place].length, text, from, from + length)) {
      place = (place + 1) & (bytes.length - 1);
    }
    return place;
  }

  private static int hash(byte[] text, int from, int length) {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + text[from + i];
    }
    return hash ^ (hash >>> 8);
  }
}
