package com.huntaze.rollout.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The amount that is read from a connection before anybody can say stop. Vert.x pauses a connection
 * when 16 buffers wait on either side, whatever their size, and Netty makes them 64 KiB: so each
 * client that does not read cost more than a megabyte. With small buffers it is a quarter of one.
 */
public final class ReadPace {
  private static final int MIN_BYTES = 512;
  private static final int FIRST_BYTES = 2_048;
  private static final int MAX_BYTES = 8_192;
  private static final int READS_A_TURN = 4;

  private ReadPace() {}

  /**
   * Reads nothing more from a connection. Vert.x would do so when 16 buffers of it wait, and until
   * then go on.
   */
  public static void stop(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channel().config().setAutoRead(false);
    }
  }

  /** Reads again. */
  public static void go(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channel().config().setAutoRead(true);
    }
  }

  /** Bounds what is read of a new connection in one go. */
  public static void apply(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channel()
          .config()
          .setRecvByteBufAllocator(
              new AdaptiveRecvByteBufAllocator(MIN_BYTES, FIRST_BYTES, MAX_BYTES)
                  .maxMessagesPerRead(READS_A_TURN));
    }
  }
}
