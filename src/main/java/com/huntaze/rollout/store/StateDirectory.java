package com.huntaze.rollout.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory itself. Blocking: for the store's own thread. */
final class StateDirectory {
  private StateDirectory() {}

  /** Makes it, for its owner alone, when it is not there. */
  static void prepare(Path dir) throws IOException {
    if (!Files.isDirectory(dir)) {
      Files.createDirectories(
          dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /** Deletes what writes that were interrupted have left. */
  static void deleteStray(Path dir) throws IOException {
    try (DirectoryStream<Path> stray = Files.newDirectoryStream(dir, "*.tmp*")) {
      stray.forEach(DurableFiles::deleteQuietly);
    }
  }
}
