package com.huntaze.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Packages that hold more files than a reader keeps in mind. */
final class PackageSizes {
  private static final int MOST_FILES = 40;

  private PackageSizes() {}

  /**
   * One sentence for each package under {@code root} that has too many files, and for each that is
   * excepted without need.
   *
   * @param excepted the packages that may have more, by their folder below {@code root}
   */
  static List<String> tooFull(Path root, Set<String> excepted) throws IOException {
    TreeMap<String, Long> counts;
    try (Stream<Path> files = Files.walk(root)) {
      counts =
          files
              .filter(path -> path.toString().endsWith(".java"))
              .map(path -> root.relativize(path.getParent()).toString())
              .collect(
                  Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
    Stream<String> full =
        counts.entrySet().stream()
            .filter(each -> each.getValue() > MOST_FILES && !excepted.contains(each.getKey()))
            .map(
                each ->
                    "%s: %d files (expected: at most %d)"
                        .formatted(each.getKey(), each.getValue(), MOST_FILES));
    Stream<String> needless =
        excepted.stream()
            .filter(name -> counts.getOrDefault(name, 0L) <= MOST_FILES)
            .map(
                name ->
                    "%s: excepted with %d files (expected: no exception up to %d)"
                        .formatted(name, counts.getOrDefault(name, 0L), MOST_FILES));
    return Stream.concat(full, needless).toList();
  }
}
