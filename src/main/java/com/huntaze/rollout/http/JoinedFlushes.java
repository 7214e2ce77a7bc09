package com.huntaze.rollout.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.Supplier;

/**
 * Has the parts of a stream that are written in one turn of the event loop leave together, in one
 * system call, and over TLS in as few records as there is room in. Only parts in the middle wait,
 * and no longer than for the end of the turn; whatever else is flushed (an end, an error, a close)
 * leaves at once, and they before it.
 *
 * <p>Decision 134 in {@code docs/decisions.md}.
 */
public final class JoinedFlushes extends ChannelDuplexHandler {
  private ChannelHandlerContext place;
  private boolean joins;
  private boolean waits;

  /** The flush of what is joined follows at once, and no turn's end need be waited for. */
  private boolean follows;

  /** Takes its place in a connection's pipeline: above TLS, so that parts share records, too. */
  public void stand(ChannelPipeline pipeline) {
    ChannelHandlerContext tls = pipeline.context(SslHandler.class);
    if (tls == null) {
      pipeline.addFirst(this);
    } else {
      pipeline.addAfter(tls.name(), null, this);
    }
  }

  /**
   * The one of a connection, which gets one now if it has none: few connections to providers need
   * one, and each takes memory. On the connection's event loop.
   */
  public static JoinedFlushes on(HttpConnection connection) {
    JoinedFlushes added = new JoinedFlushes();
    if (connection instanceof ConnectionBase base) {
      ChannelPipeline pipeline = base.channel().pipeline();
      JoinedFlushes known = pipeline.get(JoinedFlushes.class);
      if (known != null) {
        return known;
      }
      added.stand(pipeline);
    }
    return added;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    place = context;
  }

  /** Writes a part that may wait for the end of the turn; called on the connection's event loop. */
  public void join(Runnable write) {
    joins = true;
    try {
      write.run();
    } finally {
      joins = false;
    }
  }

  /**
   * Writes what is one for the client and several for Vert.x, as the head and the body of an answer
   * over HTTP/2: together, and at once.
   */
  public <T> T together(Supplier<T> write) {
    joins = true;
    follows = true;
    try {
      return write.get();
    } finally {
      joins = false;
      follows = false;
      turnEnds();
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (!joins) {
      waits = false;
      context.flush();
    } else if (!waits) {
      waits = true;
      if (!follows) {
        context.executor().execute(this::turnEnds);
      }
    }
  }

  private void turnEnds() {
    if (waits) {
      waits = false;
      place.flush();
    }
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    turnEnds();
    context.close(promise);
  }

  /** Netty looks whether there is room as it flushes: what waits must not keep it from doing so. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) {
      turnEnds();
    }
    context.fireChannelWritabilityChanged();
  }
}
