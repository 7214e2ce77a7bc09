package com.huntaze.rollout.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The directory itself. Blocking: for the store's own thread. */
final class StateDirectory {
  private static final String MARK = "state.init";
  private static final FileAttribute<Set<PosixFilePermission>> FOR_ITS_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private StateDirectory() {}

  /**
   * Makes it, for its owner alone, when it is not there.
   *
   * @throws NotDirectoryException if something else is in its place
   */
  static void prepare(Path dir) throws IOException {
    if (Files.isDirectory(dir)) {
      return;
    }
    try {
      Files.createDirectories(dir, FOR_ITS_OWNER);
    } catch (FileAlreadyExistsException inItsPlace) {
      throw new NotDirectoryException(dir.toString());
    }
  }

  /**
   * Makes a directory within one that is there. A state directory that is lost must not come back
   * by what is kept beside the state: its loss would not be noticed.
   *
   * @throws IOException if the outer one is gone
   */
  static void prepareWithin(Path dir) throws IOException {
    if (Files.isDirectory(dir)) {
      return;
    }
    try {
      Files.createDirectory(dir, FOR_ITS_OWNER);
    } catch (FileAlreadyExistsException another) {
      if (!Files.isDirectory(dir)) {
        throw another;
      }
    }
  }

  /**
   * Returns whether {@code state init} has marked it as new. A directory that was lost comes back
   * without the mark, so that nothing begins in it by itself.
   */
  static boolean marked(Path dir) {
    return Files.isRegularFile(dir.resolve(MARK), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Marks it as new, and makes it when it is not there.
   *
   * @throws IOException if it holds a rollout's state already, or cannot be written
   */
  static void mark(Path dir) throws IOException {
    prepare(dir);
    try (DirectoryStream<Path> kept =
        Files.newDirectoryStream(dir, "{state.json,state.*.json,rollback-*}")) {
      for (Path file : kept) {
        throw new FileAlreadyExistsException(
            "%s: a rollout's state is there (expected: a new directory)".formatted(file));
      }
    }
    DurableFiles files = new DurableFiles(dir);
    files.replace(MARK, "A rollout may begin here by itself, once.\n".getBytes(US_ASCII));
  }

  /** The rollout has begun: what is lost from now on is not new. */
  static void unmark(Path dir) throws IOException {
    if (Files.deleteIfExists(dir.resolve(MARK))) {
      new DurableFiles(dir).forceDirectory();
    }
  }

  /** Deletes what writes that were interrupted have left. */
  static void deleteStray(Path dir) throws IOException {
    try (DirectoryStream<Path> stray = Files.newDirectoryStream(dir, "*.tmp*")) {
      stray.forEach(DurableFiles::deleteQuietly);
    }
  }
}
