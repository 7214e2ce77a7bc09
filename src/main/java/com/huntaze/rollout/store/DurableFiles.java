package com.huntaze.rollout.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files that are there, whole, after a crash at any moment. Blocking: for the store's own thread.
 *
 * <p>The order is the one that databases use: the file's bytes are forced to the disk, then it gets
 * its name in one atomic step, then the directory is forced. An {@code fsync} that failed is never
 * tried again on the same file: Linux marks the pages clean all the same (Rebello et al., "Can
 * Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
final class DurableFiles {
  /** The permissions of files in a state directory: they are nobody else's to read. */
  static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Of two containers both may be process 1: a name of one is never that of another. */
  private static final String PROCESS =
      ProcessHandle.current().pid()
          + "-"
          + Long.toHexString(ThreadLocalRandom.current().nextLong());

  private final Path dir;
  private long names;

  DurableFiles(Path dir) {
    this.dir = dir;
  }

  Path path(String name) {
    return dir.resolve(name);
  }

  /** What is asked last before a file gets its name. */
  interface Fence {
    void check() throws IOException;
  }

  /** Writes a file anew, or leaves the old one as it was. */
  void replace(String name, byte[] bytes) throws IOException {
    replace(name, bytes, () -> {});
  }

  /**
   * The same if the fence lets it through. It is asked once the new bytes are there under their
   * temporary name: who deletes that after the fence has closed has the last word.
   */
  void replace(String name, byte[] bytes, Fence fence) throws IOException {
    Path temporary = path(name + ".tmp." + PROCESS + "." + ++names);
    try {
      writeNew(temporary, bytes);
      fence.check();
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

  /**
   * The bytes of a file; {@code null} = there is none. Opening a FIFO would wait for ever, and a
   * device has no end: only regular files of bounded size are read.
   *
   * @throws IOException if it cannot be read, or is none: when it has gone, another may be there
   */
  byte[] read(String name) throws IOException, DamagedException {
    try {
      requireRegular(path(name));
    } catch (NoSuchFileException none) {
      return null;
    }
    try (InputStream in = Files.newInputStream(path(name))) {
      byte[] bytes = in.readNBytes(Envelope.MAX_BYTES + 1);
      if (bytes.length > Envelope.MAX_BYTES) {
        throw new DamagedException("it is too large");
      }
      return bytes;
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** Fails with a sentence when what has the name is a directory, a FIFO, a device or a loop. */
  static void requireRegular(Path path) throws IOException {
    if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
      throw new FileSystemException(path + " is no regular file");
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
