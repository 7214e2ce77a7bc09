package com.huntaze.rollout.config;

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
 * neither is a schema. A price file is one until it is known which one it is: any document may say.
 */
final class OverlayFiles {
  private static final int MOST = 64;

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
        && !Files.isDirectory(path);
  }

  /**
   * The overlays in a directory that is called {@code name}, and its price files. Blocks.
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
      return documents;
    } catch (IOException unreadable) {
      throw refused(Problem.sentence(name, Unreadable.sentence(unreadable)));
    }
  }

  private static List<Path> real(Path directory) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path path : list(directory)) {
      real.add(Files.exists(path) ? path.toRealPath() : path);
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
      String file = name + "/" + path.getFileName();
      // To leave out what was put there would be another configuration than the one that is meant.
      if (!Files.isRegularFile(path)) {
        String found = Files.exists(path) ? "neither" : "a link that leads nowhere";
        throw refused(new Problem(file, found, "a file or a directory"));
      }
      left -= Files.size(path);
      if (left < 0) {
        throw refused(Problem.sentence(name, "larger than 1 MiB in all"));
      }
      String text = StrictJson.decode(file, Files.readAllBytes(path));
      documents.add(new ConfigDocument(file, text, Source.file(file), path.normalize()));
    }
    return documents;
  }

  private static ConfigException refused(Problem problem) {
    return new ConfigException(problem);
  }
}
