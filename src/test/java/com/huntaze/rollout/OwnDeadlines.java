package com.huntaze.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tests that compare the clock with a deadline of their own, instead of waiting in {@link Waits}.
 */
final class OwnDeadlines {
  private static final Pattern DEADLINE =
      Pattern.compile(
          "assertThat\\(System\\.nanoTime\\(\\)\\)|while \\([^\\n]*System\\.nanoTime\\(\\)");

  private OwnDeadlines() {}

  /** The files under {@code root} that have one. */
  static List<Path> in(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("Waits.java"))
          .filter(OwnDeadlines::has)
          .toList();
    }
  }

  private static boolean has(Path file) {
    try {
      return DEADLINE.matcher(Files.readString(file)).find();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }
}
