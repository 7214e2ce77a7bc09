package com.huntaze.rollout.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Sees all that a client sends over HTTP/2, from the first byte on, before Vert.x does. A client
 * that does not say what it expects of the connection (its preface and settings, RFC 9113 §3.4) in
 * the time for a head is closed here: Vert.x has not told of it yet.
 */
final class Http2Arrival extends ChannelInboundHandlerAdapter {
  private static final String TLS = "ssl";
  private static final long NONE = Long.MAX_VALUE;

  private final FrameSight frames = new FrameSight(this::credit);
  private FrameSight.Listener listener = ignored -> {};
  private boolean opened;
  private long unfinishedSince = NONE;

  /**
   * Puts one on a channel whose handshake is done, if HTTP/2 is spoken on it.
   *
   * @param headNanos the time for the connection's head
   */
  static void on(Channel channel, long headNanos) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null && "h2".equals(tls.applicationProtocol())) {
      Http2Arrival arrival = new Http2Arrival();
      channel.pipeline().addAfter(TLS, "http2-arrival", arrival);
      channel
          .eventLoop()
          .schedule(() -> arrival.closeUnlessOpened(channel), headNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void closeUnlessOpened(Channel channel) {
    if (!opened) {
      channel.close();
    }
  }

  /** Vert.x has told of the connection: from now on its owner is told of credit. */
  void opened(FrameSight.Listener owner) {
    opened = true;
    listener = owner;
  }

  /** All bytes that the client has sent, which is what its requests have cost it. */
  long bytes() {
    return frames.bytes();
  }

  /** Returns whether a request's head, or a frame's, has been unfinished for so long. */
  boolean unfinished(long nowNanos, long limitNanos) {
    return unfinishedSince != NONE && nowNanos - unfinishedSince > limitNanos;
  }

  private void credit(int streamId) {
    listener.credit(streamId);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf piece) {
      frames.read(piece);
      if (!frames.unfinished()) {
        unfinishedSince = NONE;
      } else if (unfinishedSince == NONE) {
        unfinishedSince = System.nanoTime();
      }
      if (frames.violation() != null) {
        piece.release();
        end(context, frames.violation());
        return;
      }
    }
    context.fireChannelRead(message);
  }

  /** RFC 9113 §5.4.1: says why, and closes the connection. */
  private static void end(ChannelHandlerContext context, Http2Error error) {
    Http2Goodbye.say(context.pipeline(), Http2Goodbye.LAST_STREAM, error);
    context.close();
  }
}
