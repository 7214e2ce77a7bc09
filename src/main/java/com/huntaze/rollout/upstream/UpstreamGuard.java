package com.huntaze.rollout.upstream;

import com.huntaze.rollout.http.CloseOption;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;

/**
 * Sees to it that no byte of one answer becomes part of another. It stands between a connection's
 * decoder and Vert.x.
 *
 * <p>A decoder reads what follows on an answer as the beginning of the next one, and what came to
 * an idle connection, too. Part of a head that waits there would be put before the next request's
 * answer. So the end of an answer is handed on only when all that came with it is decoded, and the
 * decoder is then given empty lines: it skips them where an answer would begin, and chokes on them
 * where it holds a part of one. A connection that said more than it was asked for is not used
 * again; nor is one whose answer to a HEAD, or whose 204 or 304, may still be followed by a body
 * that the length announced.
 *
 * <p>A connection that is given up is closed at once, even if its provider has stopped to read.
 *
 * <p>What Vert.x would take for a final answer and is none, it never sees: interim answers but 100
 * and 103 are taken out, statuses outside of 100 to 599 and 101 are junk.
 *
 * <p>Decision 14 in {@code docs/decisions.md}.
 */
final class UpstreamGuard extends ChannelDuplexHandler {
  private static final String DECODER = "codec";
  private static final int MAX_INTERIM = 16;
  private static final int MIN_STATUS = 100;
  private static final int MAX_STATUS = 599;
  private static final ByteBuf EMPTY_LINES =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII).asReadOnly());

  private final HttpConnection connection;
  private HttpMethod method;

  /** True while an answer is due. */
  private boolean due;

  /** True once all of the request has been sent. */
  private boolean sent;

  private int interims;
  private boolean interim;
  private boolean swallows;
  private boolean surplus;

  /**
   * True once something came that was no answer: Vert.x has been told, and what follows is
   * nobody's.
   */
  private boolean broken;

  private HttpResponse answer;

  /** The end of an answer, while it is not known what came behind it. */
  private LastHttpContent end;

  /** Empty lines for this connection, made when its first answer ends. */
  private ByteBuf emptyLines;

  private UpstreamGuard(HttpConnection connection) {
    this.connection = connection;
  }

  /** Puts one on a new connection. */
  static void stand(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      // A provider that answers and closes before it has read all has us write in vain: what it
      // has said is to be read before the connection closes.
      base.channel().config().setAutoClose(false);
      ChannelPipeline pipeline = base.channel().pipeline();
      pipeline.addAfter(DECODER, "guard", new UpstreamGuard(connection));
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message == Unpooled.EMPTY_BUFFER) {
      // Vert.x closes when this has been written, behind all that the provider does not take.
      promise.setSuccess();
      return;
    }
    if (message instanceof HttpRequest request) {
      method = request.method();
      due = true;
      sent = false;
      interims = 0;
      answer = null;
    }
    sent |= message instanceof LastHttpContent;
    context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!due || broken || end != null) {
      surplus = true;
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse head) {
      begins(head);
    }
    boolean last = message instanceof LastHttpContent;
    if (swallows) {
      ReferenceCountUtil.release(message);
      swallows = !last;
    } else if (last && !interim && ((LastHttpContent) message).decoderResult().isSuccess()) {
      end = (LastHttpContent) message;
    } else {
      context.fireChannelRead(message);
    }
  }

  private void begins(HttpResponse head) {
    if (head.decoderResult().isFailure()) {
      interim = false;
      broken = true;
      return;
    }
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    interims += interim ? 1 : 0;
    String fault = fault(head);
    if (fault != null) {
      broken = true;
      head.setDecoderResult(DecoderResult.failure(new DecoderException(fault)));
      return;
    }
    int status = head.status().code();
    // Of those that are left out, none tells a client anything that it could act on.
    swallows = interim && status != 100 && status != 103;
    if (!interim) {
      answer = head;
    }
  }

  private String fault(HttpResponse head) {
    int status = head.status().code();
    int major = head.protocolVersion().majorVersion();
    int minor = head.protocolVersion().minorVersion();
    if (major != 1 || minor > 1) {
      return "a version that is not spoken";
    } else if (status < MIN_STATUS || status > MAX_STATUS) {
      return "a status of no class";
    } else if (status == 101) {
      return "a switch of protocols that was not asked for";
    } else if (interims > MAX_INTERIM) {
      return "interim answers without end";
    }
    return hasControl(head.status().reasonPhrase()) ? "a control byte in the reason" : null;
  }

  private static boolean hasControl(String reason) {
    for (int i = 0; i < reason.length(); i++) {
      if (reason.charAt(i) < ' ' && reason.charAt(i) != '\t') {
        return true;
      }
    }
    return false;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (end != null || !due) {
      probe(context);
    }
    if (end != null) {
      ends(context);
    } else if (surplus) {
      connection.close();
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (end != null) {
      ends(context);
    }
    context.fireChannelInactive();
  }

  /** Finds out whether the decoder holds part of something. */
  private void probe(ChannelHandlerContext context) throws Exception {
    ChannelHandlerContext decoder = context.pipeline().context(DECODER);
    if (!surplus && decoder != null && context.channel().isActive()) {
      if (emptyLines == null) {
        emptyLines = EMPTY_LINES.duplicate();
      }
      // A decoder that has not read them all has choked, and its connection is not used again.
      emptyLines.readerIndex(0);
      ((ChannelInboundHandler) decoder.handler()).channelRead(decoder, emptyLines);
    }
  }

  private void ends(ChannelHandlerContext context) {
    LastHttpContent last = end;
    if (surplus || !sent || mayGoOn() || CloseOption.says(answer)) {
      CloseOption.standAlone(answer);
    }
    end = null;
    due = false;
    answer = null;
    // Vert.x may send the next request before this returns.
    context.fireChannelRead(last);
  }

  /** Returns whether the answer had no body, but a careless server would send one. */
  private boolean mayGoOn() {
    int status = answer.status().code();
    return HttpMethod.HEAD.equals(method)
        || (status == 204 || status == 304)
            && answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
  }
}
