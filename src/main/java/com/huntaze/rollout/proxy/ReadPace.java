package com.huntaze.rollout.proxy;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * How much is read from a connection before anybody can say stop. Netty reads up to 16 times 64 KiB
 * in one turn, and a pause takes effect after the turn only: with that, each client that does not
 * read would cost more than a megabyte. One read a turn makes it one buffer.
 */
final class ReadPace {
  private static final int MIN_BYTES = 512;
  private static final int FIRST_BYTES = 4_096;
  private static final int MAX_BYTES = 32_768;

  private ReadPace() {}

  static void apply(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channel()
          .config()
          .setRecvByteBufAllocator(
              new AdaptiveRecvByteBufAllocator(MIN_BYTES, FIRST_BYTES, MAX_BYTES)
                  .maxMessagesPerRead(1));
    }
  }
}
