package com.huntaze.rollout.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are there, whole, after a crash at any moment. Blocking: for the store's own thread.
 *
 * <p>The order is the one that databases use: the file's bytes are forced to the disk, then it gets
 * its name in one atomic step, then the directory is forced. An {@code fsync} that failed is never
 * tried again on the same file: Linux marks the pages clean all the same (Rebello et al., "Can
 * Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
final class DurableFiles {
  /** What is in a state directory is nobody else's to read. */
  static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path dir;
  private long names;

  DurableFiles(Path dir) {
    this.dir = dir;
  }

  Path path(String name) {
    return dir.resolve(name);
  }

  /** Writes a file anew, or leaves the old one as it was. */
  void replace(String name, byte[] bytes) throws IOException {
    Path temporary = path(name + ".tmp." + ProcessHandle.current().pid() + "." + ++names);
    try {
      writeNew(temporary, bytes);
      Files.move(temporary, path(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      deleteQuietly(temporary);
      throw failed;
    }
    forceDirectory();
  }

  /** Writes a file that must not be there yet. */
  void create(String name, byte[] bytes) throws IOException {
    writeNew(path(name), bytes);
    forceDirectory();
  }

  /** Another name for the same file, replacing what has that name. */
  void keepAs(String name, String other) throws IOException {
    Path link = path(other + ".tmp");
    Files.deleteIfExists(link);
    Files.createLink(link, path(name));
    Files.move(link, path(other), StandardCopyOption.ATOMIC_MOVE);
    // Of two names of one file a rename keeps both.
    Files.deleteIfExists(link);
  }

  /** The bytes of a file; {@code null} = there is none. */
  byte[] read(String name) throws IOException, DamagedException {
    try {
      if (Files.size(path(name)) > Envelope.MAX_BYTES) {
        throw new DamagedException("it is too large");
      }
      return Files.readAllBytes(path(name));
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  void forceDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void writeNew(Path path, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException left) {
      // A stray file, which the next start deletes.
    }
  }
}
