package com.huntaze.rollout.client;

import com.huntaze.rollout.admission.ApiKeys;
import com.huntaze.rollout.admission.ArrivingClient;
import com.huntaze.rollout.http.JoinedFlushes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.function.Supplier;

/**
 * The state of one client's connection. It also stands in front of the connection's decoder,
 * because only there is a head seen that has begun and does not end: Vert.x tells of a request when
 * its head is whole.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter implements ArrivingClient {
  /** The most that waits for the streams of one connection before each is emptied first. */
  private static final long CONNECTION_BYTES = 1 << 20;

  /** Time for the client to close first, or for what it still sends to be thrown away. */
  private static final long LEFT_NANOS = 1_000_000_000;

  private final HttpConnection connection;
  private final boolean refused;
  private final boolean http2;
  private final ApiKeys.Memo memo = new ApiKeys.Memo();

  /** {@code null} for HTTP/1, which has no fields by reference. */
  private HeaderAllowance headers;

  /** The reader of HTTP/2's frames; {@code null} for HTTP/1. */
  private Http2Arrival arrival;

  private final JoinedFlushes flushes = new JoinedFlushes();

  /** Those that are being served; more than one with HTTP/2. */
  private final FewOf<OpenExchange> exchanges = new FewOf<>();

  /** The answers of which a part waits for the client, the longest first. */
  private final FewOf<ClientSink> sinks = new FewOf<>();

  private Waiting waiting = Waiting.HEAD;
  private long since;
  private boolean closing;
  private boolean announced;
  private boolean leaving;
  private boolean lastAnswer;
  private boolean unread;
  private long pending;
  private long outboundSeen;

  private enum Waiting {
    /** Nothing has come since the last answer. */
    IDLE,
    /** A head has begun, or the connection is new. */
    HEAD,
    /** A request is being served. */
    NOTHING
  }

  /**
   * @param refused whether it came in over the limit on connections
   */
  ClientConnection(HttpConnection connection, boolean refused, long nowNanos) {
    this.connection = connection;
    this.refused = refused;
    this.since = nowNanos;
    this.http2 = connection.protocolVersion() == HttpVersion.HTTP_2;
  }

  /** Takes its place in the pipeline. */
  void stand() {
    if (connection instanceof ConnectionBase base) {
      ChannelPipeline pipeline = base.channel().pipeline();
      pipeline.addFirst(this);
      flushes.stand(pipeline);
      arrival = pipeline.get(Http2Arrival.class);
      if (arrival != null) {
        arrival.opened(this::credit);
        headers = new HeaderAllowance();
      } else {
        DecodedRequests.on(connection);
      }
    }
  }

  @Override
  public ApiKeys.Memo memo() {
    return memo;
  }

  @Override
  public boolean refused() {
    return refused;
  }

  @Override
  public boolean allowsHead(long bytes) {
    return headers == null || headers.allows(bytes, arrival.bytes());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    // Of HTTP/2 not every byte begins a request.
    if (!http2 && waiting == Waiting.IDLE) {
      waiting = Waiting.HEAD;
      since = System.nanoTime();
    }
    context.fireChannelRead(message);
  }

  /** A client that does not take answers gets no further ones: its requests are not read. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Channel channel = context.channel();
    if (channel.isWritable() && unread) {
      // Only what was stopped here: Vert.x stops a connection whose body nobody takes.
      unread = false;
      channel.config().setAutoRead(true);
    } else if (!channel.isWritable() && exchanges.all().stream().allMatch(OpenExchange::read)) {
      unread = true;
      channel.config().setAutoRead(false);
    }
    context.fireChannelWritabilityChanged();
  }

  /** Takes note of an exchange whose request has come on it. */
  public void began(OpenExchange newExchange, HttpServerResponse response) {
    exchanges.add(newExchange);
    waiting = Waiting.NOTHING;
    if (!http2) {
      response.headersEndHandler(head -> headed(response));
    }
  }

  /** The end of the next answer, whose head has not gone yet, is that of the connection. */
  public void lastAnswer() {
    lastAnswer = true;
  }

  /** An answer's head is about to go: the last chance of HTTP/1 to tell that nothing follows. */
  private void headed(HttpServerResponse response) {
    if (announced || lastAnswer) {
      leaving |= announced;
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  /** Takes note of the end of an exchange that has begun on it. */
  public void ended(OpenExchange endedExchange) {
    exchanges.remove(endedExchange);
    if (exchanges.isEmpty()) {
      waiting = Waiting.IDLE;
      since = System.nanoTime();
    }
  }

  /** Writes a part of an answer that may leave together with what else comes in this turn. */
  void join(Runnable write) {
    flushes.join(write);
  }

  /** Writes the end of an answer, of which nothing may wait. */
  <T> T together(Supplier<T> write) {
    return flushes.together(write);
  }

  /** A part of an answer waits for the client. */
  void waits(ClientSink sink, int bytes) {
    pending += bytes;
    sinks.add(sink);
  }

  /** The client has taken a part. */
  void taken(ClientSink sink, int bytes) {
    pending -= bytes;
    if (sink.pending() == 0) {
      sinks.remove(sink);
      since = System.nanoTime();
    }
  }

  /** The answers of which a part waits for the client, the longest first. */
  List<ClientSink> sinks() {
    return sinks.all();
  }

  /**
   * Returns whether so much waits for its streams that none should get more before it has taken
   * some.
   */
  boolean full() {
    return pending >= CONNECTION_BYTES;
  }

  private void credit(int streamId) {
    if (streamId == 0) {
      return; // Room on the connection is no answer's.
    }
    long now = System.nanoTime();
    sinks.forEach(sink -> sink.progressOf(streamId, now));
  }

  /** Something is wrong with what the client sends; the connection is about to be closed. */
  void failed(Throwable cause) {
    exchanges.forEach(exchange -> exchange.clientFailed(cause));
  }

  /**
   * The process is about to end: HTTP/2's clients are told at once to open their next streams
   * elsewhere, while those that are on their way are still served; HTTP/1's by the next answer.
   */
  public void announceEnd() {
    if (http2 && !announced) {
      goAway(Http2Goodbye.EVERY_STREAM);
    }
    announced = true;
  }

  private void goAway(int lastStream) {
    if (connection instanceof ConnectionBase base) {
      Http2Goodbye.say(base.channel().pipeline(), lastStream, Http2Error.NO_ERROR);
    }
  }

  /** No further request is served on it; it closes when nobody is and all has been taken. */
  void finish() {
    if (http2 && !leaving) {
      leaving = true;
      goAway(Http2Goodbye.LAST_STREAM);
    }
    if (exchanges.isEmpty() && sinks.isEmpty()) {
      connection.close();
    }
  }

  /**
   * Closes it at once, whatever its client has not taken yet: for that Vert.x waits without end.
   */
  void sever() {
    if (connection instanceof ConnectionBase base) {
      ChannelHandlerContext place = base.channel().pipeline().context(this);
      // Without one it has closed by now.
      if (place != null) {
        place.close();
      }
    }
  }

  /** Ends what is being served on it, honestly. */
  void cut() {
    exchanges.forEach(OpenExchange::shutDown);
  }

  /**
   * Closes the connection if it has kept us waiting for too long, and as long again after that if
   * its client has not taken the last answer.
   */
  void sweep(long nowNanos, long headNanos, long idleNanos) {
    long waited = nowNanos - since;
    long idle = leaving ? LEFT_NANOS : idleNanos;
    boolean late =
        waiting == Waiting.HEAD && waited > headNanos
            || waiting == Waiting.IDLE && sinks.isEmpty() && waited > idle
            || arrival != null && arrival.unfinished(nowNanos, headNanos);
    if (late && closing && waited > headNanos) {
      sever();
    } else if (late && !closing) {
      closing = true;
      since = nowNanos;
      connection.close();
    }
  }

  /** Gives up the answers of which nothing has been taken for too long. */
  void giveUpStalled(long nowNanos, long limitNanos) {
    if (sinks.isEmpty()) {
      return;
    }
    noteProgress(nowNanos);
    for (ClientSink sink : sinks.all()) {
      if (sink.stalledNanos(nowNanos) > limitNanos) {
        sink.giveUp();
      }
    }
  }

  /** A slow client of HTTP/1 takes parts of a buffer: only the channel knows. */
  private void noteProgress(long nowNanos) {
    if (!http2 && connection instanceof ConnectionBase base) {
      ChannelOutboundBuffer outbound = base.channel().unsafe().outboundBuffer();
      long seen =
          outbound == null ? 0 : outbound.totalPendingWriteBytes() + outbound.currentProgress();
      if (seen != outboundSeen) {
        outboundSeen = seen;
        sinks.forEach(sink -> sink.progress(nowNanos));
      }
    }
  }
}
