package com.huntaze.rollout;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of the loopback that nobody has, for processes that cannot choose one by themselves. They
 * lie below the range that the system gives to outgoing connections: one of those took a port
 * between its choice and its use.
 */
public final class FreePorts {
  private static final int FIRST = 12_000;
  private static final int COUNT = 20_000;

  /** Each JVM of tests begins elsewhere. */
  private static final AtomicInteger next =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 997 % COUNT));

  private FreePorts() {}

  /** Returns a port that is free now, and each time another one. */
  public static int next() {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + Math.floorMod(next.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no port is free from %d to %d".formatted(FIRST, FIRST + COUNT - 1));
  }

  private static boolean isFree(int port) {
    try (ServerSocket all = new ServerSocket(port)) {
      return all.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
