package com.huntaze.rollout.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The process that listens on a port, after Linux's {@code /proc}: other systems, and the processes
 * of other users, tell nothing.
 *
 * @param command its name
 * @param ours whether it is this program
 */
record PortOwner(long pid, String command, boolean ours) {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENS = "0A";
  private static final int ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  static Optional<PortOwner> of(int port) {
    Set<String> sockets = new HashSet<>();
    collect("net/tcp", port, sockets);
    collect("net/tcp6", port, sockets);
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, sockets)) {
          return Optional.of(of(process));
        }
      }
    } catch (IOException unreadable) {
      // Then nobody knows.
    }
    return Optional.empty();
  }

  private static void collect(String table, int port, Set<String> sockets) {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    try {
      for (String row : Files.readAllLines(PROC.resolve(table))) {
        String[] fields = row.strip().split("\\s+");
        if (fields.length > INODE
            && fields[ADDRESS].endsWith(suffix)
            && fields[STATE].equals(LISTENS)) {
          sockets.add("socket:[" + fields[INODE] + "]");
        }
      }
    } catch (IOException absent) {
      // Not Linux, or no IPv6.
    }
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException othersOrGone) {
      // It is not this one, as far as anybody can see.
    }
    return false;
  }

  private static PortOwner of(Path process) {
    long pid = Long.parseLong(process.getFileName().toString());
    List<String> words = List.of();
    try {
      words = List.of(Files.readString(process.resolve("cmdline")).split("\0"));
    } catch (IOException gone) {
      // The number alone, then.
    }
    String command = words.isEmpty() ? "" : String.valueOf(Path.of(words.get(0)).getFileName());
    boolean ours =
        words.stream()
            .anyMatch(
                word ->
                    word.endsWith("rollout-proxy.jar")
                        || word.equals("com.huntaze.rollout.app.Main"));
    return new PortOwner(pid, command, ours);
  }

  @Override
  public String toString() {
    return "process %d, %s".formatted(pid, command);
  }
}
