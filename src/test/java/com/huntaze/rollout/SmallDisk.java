package com.huntaze.rollout;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** A disk of 16 MB at a directory, which a test fills to the last byte and empties again. */
public final class SmallDisk implements AutoCloseable {
  private static final int PIECE = 4_096;

  private final Path dir;
  private final Path ballast;

  private SmallDisk(Path dir) {
    this.dir = dir;
    this.ballast = dir.resolve("ballast");
  }

  /** Mounts it; only root may do that, and CI is root. */
  public static SmallDisk at(Path dir) throws IOException {
    Files.createDirectories(dir);
    boolean mounted = Mounts.run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", dir.toString());
    if (!mounted && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("mount: refused (expected: a small file system)");
    }
    Assumptions.assumeTrue(mounted, "only root may mount");
    return new SmallDisk(dir);
  }

  /** From now on there is no room. */
  public void fill() throws IOException {
    byte[] piece = new byte[PIECE];
    Arrays.fill(piece, (byte) 'x');
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException full) {
      if (dir.toFile().getUsableSpace() > PIECE) {
        throw full;
      }
    }
  }

  /** There is room again. */
  public void empty() throws IOException {
    Files.delete(ballast);
  }

  @Override
  public void close() throws IOException {
    Mounts.run("umount", "--lazy", dir.toString());
  }
}
