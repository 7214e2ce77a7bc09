package com.huntaze.rollout.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection in two steps, whoever closes it: nothing more is said on it at once, and a
 * moment later nothing more is heard. Closed in one step while bytes come, the system would reset
 * it, and the reset can overtake the answer (RFC 9112 §9.6).
 */
final class LateClose extends ChannelOutboundHandlerAdapter {
  private final long millis;
  private boolean closing;

  LateClose(long millis) {
    this.millis = millis;
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (closing || !(context.channel() instanceof DuplexChannel socket)) {
      context.close(promise);
      return;
    }
    closing = true;
    socket.shutdownOutput();
    context.executor().schedule(() -> context.close(promise), millis, TimeUnit.MILLISECONDS);
  }
}
