package com.huntaze.rollout;

import java.io.IOException;

/** The commands that mount and unmount, which only root may give. */
public final class Mounts {
  private Mounts() {}

  /** Returns whether it was carried out. */
  public static boolean run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }
}
