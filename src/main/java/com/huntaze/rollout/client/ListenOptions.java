package com.huntaze.rollout.client;

import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.tls.SecuredChannels;
import com.huntaze.rollout.tls.TlsOptions;
import io.netty.channel.Channel;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The options of the data port's listener. */
public final class ListenOptions {
  /** The longest request line, in bytes. */
  public static final int MAX_INITIAL_LINE_BYTES = 16_384;

  private static final int MAX_CHUNK_BYTES = 65_536;
  private static final int BACKLOG = 4_096;

  private static final long MAX_STREAMS = 100;

  /**
   * One upload that its provider does not take has 64 KiB lie here, and with a window of as much
   * for the whole connection no other stream of it could send a byte.
   */
  private static final int CONNECTION_WINDOW = 1 << 20;

  private static final int DECODED_HEADS = 4;

  /** A gateway that cancels twenty streams a second lives; a flood of resets does not. */
  private static final int MAX_RESETS = 3_000;

  private static final int RESET_WINDOW_SECONDS = 30;

  private ListenOptions() {}

  /**
   * A head over {@code maxHeaderBytes} is refused by us, on its stream alone. Netty refuses one
   * over its own limit in the same way, and closes the connection over one that is a quarter
   * larger, so that limit is far away.
   */
  private static Http2Settings http2(ServerSettings settings) {
    return new Http2Settings()
        .setMaxConcurrentStreams(MAX_STREAMS)
        .setMaxHeaderListSize((long) DECODED_HEADS * settings.maxHeaderBytes());
  }

  /**
   * @param freePortId names the free port that all event loops of one proxy share, and no other
   *     server of its Vert.x
   */
  public static SocketAddress address(ServerSettings settings, int freePortId) {
    return settings.port() == 0
        ? SocketAddress.sharedRandomPort(freePortId, settings.host())
        : SocketAddress.inetSocketAddress(settings.port(), settings.host());
  }

  /**
   * @param secured told of each channel whose TLS handshake is done
   */
  public static HttpServerOptions of(ServerSettings settings, Consumer<Channel> secured) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxHeaderSize(settings.maxHeaderBytes())
            .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES)
            .setAcceptBacklog(BACKLOG)
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setCompressionSupported(false)
            .setDecompressionSupported(false)
            .setHandle100ContinueAutomatically(false)
            // An answer is written by its event loop alone. A queue for writes of other threads, of
            // which Vert.x would have one a connection, takes 0.8 kB.
            .setStrictThreadMode(true)
            .setHttp2ClearTextEnabled(false)
            // A model may think for minutes: silence is no reason to close here.
            .setIdleTimeout(0);
    return settings.tls() == null
        ? options
        : TlsOptions.secure(
            options
                .setUseAlpn(true)
                .setInitialSettings(http2(settings))
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
                .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
                .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setSslEngineOptions(new SecuredChannels(secured))
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)),
            settings.tls());
  }
}
