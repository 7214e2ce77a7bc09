package com.huntaze.rollout.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The holders of a file's locks, after Linux's {@code /proc/locks}: to try the lock would take it
 * from a proxy that is just starting.
 */
final class FileLocks {
  private static final int PID = 4;
  private static final int FILE = 5;

  private FileLocks() {}

  /** The process; empty = none on this machine, or it cannot be told. */
  static Optional<Long> holder(Path file) {
    try {
      long inode = (Long) Files.getAttribute(file, "unix:ino");
      for (String row : Files.readAllLines(Path.of("/proc/locks"))) {
        String[] fields = row.strip().split("\\s+");
        if (fields.length > FILE && !fields[1].equals("->") && fields[FILE].endsWith(":" + inode)) {
          return Optional.of(Long.valueOf(fields[PID]));
        }
      }
    } catch (IOException | UnsupportedOperationException | NumberFormatException untold) {
      // Not Linux, or there is no such file.
    }
    return Optional.empty();
  }
}
