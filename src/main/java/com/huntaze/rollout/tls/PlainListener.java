package com.huntaze.rollout.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener without TLS, whose clients may take it for one with it. A handshake is no request, and
 * its client would wait for an answer until a time-out. It gets one at once, in plain HTTP, which
 * clients call a wrong version of TLS; the log tells once.
 */
public final class PlainListener {
  private static final Logger log = LoggerFactory.getLogger(PlainListener.class);

  /** The type of the record that begins a handshake (RFC 8446 §5.1); no request begins with it. */
  private static final byte HANDSHAKE = 22;

  /** Read as a request without a version, which is refused in the listener's own words. */
  private static final byte[] NO_REQUEST = "TLS /\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final String name;
  private final String setting;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param name for people, such as {@code the data port}
   * @param setting the key that makes it speak TLS
   */
  public PlainListener(String name, String setting) {
    this.name = name;
    this.setting = setting;
  }

  /** Looks at the first bytes of a client's new connection, unless it is secured. */
  public void opened(HttpConnection connection) {
    if (!connection.isSsl() && connection instanceof ConnectionBase base) {
      base.channel().pipeline().addFirst("tls-handshake", new First());
    }
  }

  private void tell(String client) {
    if (told.compareAndSet(false, true)) {
      log.warn(
          "A client at {} speaks TLS to {}, which speaks plain HTTP: it has to call http://, or {}"
              + " has to be set. This is said once.",
          client,
          name,
          setting);
    }
  }

  private final class First extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.pipeline().remove(this);
      if (message instanceof ByteBuf bytes
          && bytes.isReadable()
          && bytes.getByte(bytes.readerIndex()) == HANDSHAKE) {
        ReferenceCountUtil.release(message);
        tell(String.valueOf(context.channel().remoteAddress()));
        context.fireChannelRead(Unpooled.copiedBuffer(NO_REQUEST));
      } else {
        context.fireChannelRead(message);
      }
    }
  }
}
