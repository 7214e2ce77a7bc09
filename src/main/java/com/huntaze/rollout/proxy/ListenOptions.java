package com.huntaze.rollout.proxy;

import com.huntaze.rollout.tls.TlsOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.util.List;

/** How the data port listens. */
final class ListenOptions {
  private static final int MAX_CHUNK_BYTES = 65_536;
  static final int MAX_INITIAL_LINE_BYTES = 16_384;
  private static final int BACKLOG = 4_096;

  /** Names the free port that all instances of one deployment share. */
  private static final int SHARED_PORT_ID = 1;

  private ListenOptions() {}

  /**
   * Without HPACK's dynamic table (RFC 7541 §2.3.2): with one, a client that has sent a long field
   * once sends it again with a byte, and a provider gets all of it each time.
   */
  private static Http2Settings unindexed() {
    return new Http2Settings()
        .setMaxConcurrentStreams(HttpServerOptions.DEFAULT_INITIAL_SETTINGS_MAX_CONCURRENT_STREAMS)
        .setHeaderTableSize(0);
  }

  static SocketAddress address(ServerSettings settings) {
    return settings.port() == 0
        ? SocketAddress.sharedRandomPort(SHARED_PORT_ID, settings.host())
        : SocketAddress.inetSocketAddress(settings.port(), settings.host());
  }

  static HttpServerOptions of(ServerSettings settings) {
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
            .setHttp2ClearTextEnabled(false)
            // A model may think for minutes: silence is no reason to close here.
            .setIdleTimeout(0);
    return settings.tls() == null
        ? options
        : TlsOptions.secure(
            options
                .setUseAlpn(true)
                .setInitialSettings(unindexed())
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)),
            settings.tls());
  }
}
