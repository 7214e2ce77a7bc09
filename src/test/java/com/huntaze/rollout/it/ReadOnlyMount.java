package com.huntaze.rollout.it;

import com.huntaze.rollout.Mounts;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own at a directory, which takes no file until it is made writable. */
final class ReadOnlyMount {
  private ReadOnlyMount() {}

  /** Mounts it; only root may do that, and CI is root. */
  static void at(Path dir) throws IOException {
    boolean mounted =
        Mounts.run("mount", "-t", "tmpfs", "-o", "ro,size=16m", "tmpfs", dir.toString());
    if (!mounted && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("mount: refused (expected: a read-only file system)");
    }
    Assumptions.assumeTrue(mounted, "only root may mount");
  }

  static void makeWritable(Path dir) throws IOException {
    if (!Mounts.run("mount", "-o", "remount,rw", dir.toString())) {
      throw new IOException(dir + ": still read-only");
    }
  }

  /** Does nothing where none is. */
  static void remove(Path dir) {
    try {
      Mounts.run("umount", "--lazy", dir.toString());
    } catch (IOException noSuchCommand) {
      throw new AssertionError(noSuchCommand);
    }
  }
}
