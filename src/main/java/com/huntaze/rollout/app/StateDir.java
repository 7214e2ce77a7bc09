package com.huntaze.rollout.app;

import com.huntaze.rollout.store.StateSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where {@code state.dir} is. */
final class StateDir {
  private StateDir() {}

  /** The configured directory; a new temporary one, gone at the end, when none is. */
  static Path of(StateSettings settings) {
    if (!settings.dir().isEmpty()) {
      return Path.of(settings.dir());
    }
    try {
      Path temporary = Files.createTempDirectory("rollout-state");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(temporary)));
      return temporary;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path dir) {
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(dir);
    } catch (IOException left) {
      // A small directory stays among the temporary ones.
    }
  }
}
