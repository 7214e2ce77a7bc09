package com.huntaze.rollout.store;

import com.huntaze.rollout.cost.LedgerSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The books on disk. Processes that share a directory keep books of their own: each takes the first
 * that nobody has open, and so goes on where a process before it has stopped. Blocking.
 */
final class LedgerFile {
  private static final int MOST = 64;

  private final Path dir;
  private final DurableFiles files;
  private LeaderLock lock;
  private String name;

  LedgerFile(Path dir) {
    this.dir = dir;
    this.files = new DurableFiles(dir);
  }

  /**
   * Takes a file and reads it.
   *
   * @return what is in it; {@code null} = nothing yet
   * @throws DamagedException if it cannot be read; it was put aside, and the next write makes anew
   */
  LedgerSnapshot open() throws IOException, DamagedException {
    StateDirectory.prepare(dir);
    for (int i = 0; i < MOST && name == null; i++) {
      LeaderLock free = new LeaderLock(dir.resolve("costs-" + i + ".lock"));
      if (free.hold()) {
        lock = free;
        name = "costs-" + i + ".json";
      }
    }
    if (name == null) {
      throw new IOException("%d processes keep their costs in %s".formatted(MOST, dir));
    }
    try {
      byte[] bytes = files.read(name);
      return bytes == null ? null : LedgerJson.read(Envelope.open(bytes));
    } catch (DamagedException damaged) {
      Files.move(
          files.path(name),
          files.path(name + ".damaged"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      throw damaged;
    } catch (IOException unreadable) {
      // What is in it must not be written over by books that do not know of it.
      name = null;
      close();
      throw unreadable;
    }
  }

  /** Returns whether a file was taken. */
  boolean isOpen() {
    return name != null;
  }

  /** Writes the books, or leaves the file as it was. */
  void write(LedgerSnapshot snapshot) throws IOException {
    if (name == null) {
      throw new IOException("no file for the costs could be opened");
    }
    files.replace(name, Envelope.seal(LedgerJson.write(snapshot)));
  }

  void close() throws IOException {
    if (lock != null) {
      lock.release();
      lock = null;
    }
  }
}
