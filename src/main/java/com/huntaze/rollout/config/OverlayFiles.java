package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of overlays: its files that end in {@code .json}, in the order of their names. Hidden
 * ones are none of them, as the directories behind the links of a Kubernetes ConfigMap are, and
 * neither are a schema and the price file.
 */
final class OverlayFiles {
  private static final int MOST = 64;
  private static final String USUAL_PRICES = "prices.json";

  /** A directory that changes again and again is read as it is; somebody hears of its change. */
  private static final int TRIES = 5;

  private OverlayFiles() {}

  /** The paths of all that might be an overlay, sorted; reads no file. Blocks. */
  static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(OverlayFiles::isOverlay).sorted().toList();
    }
  }

  private static boolean isOverlay(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith(".json")
        && !name.startsWith(".")
        && !name.endsWith(".schema.json")
        && !name.equals(USUAL_PRICES)
        && Files.isRegularFile(path);
  }

  /**
   * The overlays in a directory that is called {@code name}. Blocks.
   *
   * @throws ConfigException with every problem
   */
  static List<ConfigDocument> read(Path directory, String name) {
    try {
      List<Path> before = real(directory);
      List<ConfigDocument> documents = texts(directory, name);
      // A link may have been swapped meanwhile: half of the old and half of the new is neither.
      for (int i = 1; i < TRIES && !before.equals(real(directory)); i++) {
        before = real(directory);
        documents = texts(directory, name);
      }
      return withoutPrices(documents, name);
    } catch (IOException unreadable) {
      throw refused(Problem.sentence(name, "not readable: " + unreadable.getMessage()));
    }
  }

  private static List<Path> real(Path directory) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path path : list(directory)) {
      real.add(path.toRealPath());
    }
    return real;
  }

  private static List<ConfigDocument> texts(Path directory, String name) throws IOException {
    List<Path> paths = list(directory);
    if (paths.isEmpty()) {
      throw refused(new Problem(name, "no file in it that ends in .json", "at least one"));
    }
    if (paths.size() > MOST) {
      throw refused(new Problem(name, paths.size() + " files", "at most " + MOST));
    }
    List<ConfigDocument> documents = new ArrayList<>();
    long left = StrictJson.MAX_BYTES;
    for (Path path : paths) {
      left -= Files.size(path);
      if (left < 0) {
        throw refused(Problem.sentence(name, "larger than 1 MiB in all"));
      }
      String file = name + "/" + path.getFileName();
      documents.add(
          new ConfigDocument(
              file, StrictJson.decode(file, Files.readAllBytes(path)), Source.file(file)));
    }
    return documents;
  }

  /** Leaves out the file that the others name as the price file. */
  private static List<ConfigDocument> withoutPrices(List<ConfigDocument> documents, String name) {
    String prices = USUAL_PRICES;
    for (ConfigDocument document : documents) {
      try {
        ObjectNode tree = StrictJson.parse(document.name(), document.text());
        prices = tree.path(PriceFile.KEY).asText(prices);
      } catch (ConfigException broken) {
        // Told where all documents are read.
      }
    }
    String file = name + "/" + prices;
    return documents.stream().filter(each -> !each.name().equals(file)).toList();
  }

  private static ConfigException refused(Problem problem) {
    return new ConfigException(problem);
  }
}
