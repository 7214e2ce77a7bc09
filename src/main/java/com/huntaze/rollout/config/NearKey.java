package com.huntaze.rollout.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the key that somebody meant who typed another one. */
final class NearKey {
  private NearKey() {}

  /** The nearest of {@code known}, if one is at most a third of the letters away from it. */
  static Optional<String> find(String typed, Collection<String> known) {
    String word = typed.toLowerCase(Locale.ROOT);
    if (word.length() > 64) {
      return Optional.empty();
    }
    return known.stream()
        .filter(key -> distance(word, key.toLowerCase(Locale.ROOT)) <= allowed(word, key))
        .min(Comparator.comparingInt(key -> distance(word, key.toLowerCase(Locale.ROOT))));
  }

  private static int allowed(String word, String key) {
    return Math.max(1, Math.max(word.length(), key.length()) / 3);
  }

  /** Damerau-Levenshtein: two neighbouring letters swapped are one slip, not two. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 ? j : j == 0 ? i : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
