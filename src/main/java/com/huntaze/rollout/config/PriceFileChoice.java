package com.huntaze.rollout.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The price file among the files of a directory of overlays, which is none of them: the one that
 * the last document names that names any, wherever it comes from, and the usual one.
 */
record PriceFileChoice(Map<String, String> environment, Path baseDir) {
  private static final String USUAL = "prices.json";

  /** The documents that are no price file. Blocks where a name comes from a file. */
  List<ConfigDocument> without(List<ConfigDocument> all) {
    if (all.stream().allMatch(document -> document.file() == null)) {
      return all;
    }
    Set<Path> prices = new HashSet<>(Set.of(baseDir.resolve(USUAL).normalize()));
    all.stream()
        .flatMap(document -> named(document).stream())
        .reduce((before, last) -> last)
        .flatMap(this::path)
        .ifPresent(prices::add);
    return all.stream()
        .filter(document -> document.file() == null || !prices.contains(document.file()))
        .toList();
  }

  private static Optional<String> named(ConfigDocument document) {
    try {
      String named =
          StrictJson.parse(document.name(), document.text()).path(PriceFile.KEY).textValue();
      return Optional.ofNullable(named);
    } catch (ConfigException broken) {
      // Told where all documents are read.
      return Optional.empty();
    }
  }

  private Optional<Path> path(String named) {
    try {
      // What cannot be filled is told where all documents are read, too.
      return Optional.ofNullable(new Placeholders(environment, baseDir).fill(named).text())
          .map(filled -> baseDir.resolve(filled).normalize());
    } catch (InvalidPathException noPath) {
      return Optional.empty();
    }
  }
}
