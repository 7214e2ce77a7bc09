package com.huntaze.rollout.client;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;

/** Writes GOAWAY (RFC 9113 §6.8), for which Vert.x has no call that names the last stream. */
final class Http2Goodbye {
  /** Announces the end, while what is on its way is still served. */
  static final int EVERY_STREAM = Integer.MAX_VALUE;

  /** The newest stream that has come: later ones are not served. */
  static final int LAST_STREAM = -1;

  private Http2Goodbye() {}

  /**
   * Says it, unless the connection has gone.
   *
   * @param lastStream the last stream that is served: {@link #EVERY_STREAM} or {@link #LAST_STREAM}
   */
  static void say(ChannelPipeline pipeline, int lastStream, Http2Error error) {
    Http2ConnectionHandler http = pipeline.get(Http2ConnectionHandler.class);
    ChannelHandlerContext place = pipeline.context(Http2ConnectionHandler.class);
    if (http != null && place != null) {
      int last =
          lastStream == LAST_STREAM ? http.connection().remote().lastStreamCreated() : lastStream;
      http.goAway(place, last, error.code(), Unpooled.EMPTY_BUFFER, place.newPromise());
      place.flush();
    }
  }
}
