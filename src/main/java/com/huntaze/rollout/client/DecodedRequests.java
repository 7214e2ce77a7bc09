package com.huntaze.rollout.client;

import com.huntaze.rollout.http.CloseOption;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Corrections of a request between the decoder and Vert.x: {@code Connection: close} in a list, and
 * a version that is not spoken here, which Vert.x would answer itself or in that version.
 */
@Sharable
final class DecodedRequests extends ChannelInboundHandlerAdapter {
  private static final DecodedRequests INSTANCE = new DecodedRequests();

  private static final DecoderResult UNKNOWN_VERSION =
      DecoderResult.failure(new IllegalArgumentException("version"));

  private DecodedRequests() {}

  /** Looks at the requests of a client's new connection. */
  static void on(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      String vertx = base.channelHandlerContext().name();
      base.channel().pipeline().addBefore(vertx, "decoded-requests", INSTANCE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      checkVersion(request);
      if (CloseOption.says(request)) {
        CloseOption.standAlone(request);
      }
    }
    context.fireChannelRead(message);
  }

  /** RFC 9110 §2.5: an answer has the version of who gives it, whatever the request's was. */
  private static void checkVersion(HttpRequest request) {
    HttpVersion version = request.protocolVersion();
    if (request.decoderResult().isFailure()) {
      // The decoder calls what it cannot read a request of HTTP/1.0.
      request.setProtocolVersion(HttpVersion.HTTP_1_1);
    } else if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      request.setProtocolVersion(HttpVersion.HTTP_1_1);
      request.setDecoderResult(UNKNOWN_VERSION);
    }
  }
}
