package com.huntaze.rollout.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * libfaketime: a process's wall clock that jumps on demand while its monotonic clock does not, or
 * both of its clocks, with all that waits by them, several times as fast.
 */
final class FakedClock {
  private final Path offset;

  /**
   * @param folder where the offset is kept
   */
  FakedClock(Path folder) throws IOException {
    this.offset = folder.resolve("offset");
    jump("+0");
  }

  private static Optional<Path> library() throws IOException {
    try (var folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu")) {
      for (Path folder : folders) {
        Path library = folder.resolve("faketime").resolve("libfaketimeMT.so.1");
        if (Files.exists(library)) {
          return Optional.of(library);
        }
      }
    }
    return Optional.empty();
  }

  /** Skips the test where it is missing; in CI that is an error. */
  static void require() throws IOException {
    boolean there = library().isPresent();
    if (!there && "true".equals(System.getenv("CI"))) {
      Assertions.fail("libfaketime is missing (expected: Debian's faketime)");
    }
    Assumptions.assumeTrue(there, "libfaketime is missing");
  }

  /**
   * Returns the environment of a process in fast motion: its clocks, timers and waits go that many
   * times as fast as those of everybody else.
   *
   * @param ahead seconds that they are ahead at its start
   */
  static Map<String, String> fast(int times, long ahead) throws IOException {
    return Map.of(
        "LD_PRELOAD",
        library().orElseThrow().toString(),
        "FAKETIME",
        "+%d x%d".formatted(ahead, times),
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0");
  }

  /** Returns the environment of a process that lives by this clock. */
  Map<String, String> environment() throws IOException {
    return Map.of(
        "LD_PRELOAD",
        library().orElseThrow().toString(),
        "FAKETIME_TIMESTAMP_FILE",
        offset.toString(),
        "FAKETIME_NO_CACHE",
        "1",
        "DONT_FAKE_MONOTONIC",
        "1",
        // Its remedy for waits on the monotonic clock makes a JVM's last for seconds, or for ever.
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0");
  }

  /**
   * The clock is this far off from now on.
   *
   * @param by such as {@code -2h} or {@code +400d}
   */
  void jump(String by) throws IOException {
    // The process reads the file at any moment, and must never find a half of it.
    Path next = Files.writeString(offset.resolveSibling("offset.next"), by + "\n");
    Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
