package com.huntaze.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Source files that have swallowed something. */
final class SourceSizes {
  private static final int MOST_LINES = 390;
  private static final int MOST_LINES_OF_A_VERTICLE = 150;

  private SourceSizes() {}

  /** One sentence for each file under {@code root} that is too long. */
  static List<String> tooLong(Path root) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        long lines = source.lines().count();
        int most = isVerticle(file, source) ? MOST_LINES_OF_A_VERTICLE : MOST_LINES;
        if (lines > most) {
          found.add("%s: %d lines (expected: at most %d)".formatted(file, lines, most));
        }
      }
    }
    return found;
  }

  private static boolean isVerticle(Path file, String source) {
    return file.getFileName().toString().endsWith("Verticle.java")
        || source.contains(" extends VerticleBase")
        || source.contains(" extends AbstractVerticle");
  }
}
