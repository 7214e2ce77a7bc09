package com.huntaze.rollout.proxy;

import com.huntaze.rollout.settings.TlsSettings;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Set;

/** How the data port listens. */
final class ListenOptions {
  private static final int MAX_CHUNK_BYTES = 65_536;
  static final int MAX_INITIAL_LINE_BYTES = 16_384;
  private static final int BACKLOG = 4_096;

  /** Names the free port that all instances of one deployment share. */
  private static final int SHARED_PORT_ID = 1;

  private ListenOptions() {}

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
    return settings.tls() == null ? options : secured(options, settings.tls());
  }

  /** TLS 1.2 and 1.3, HTTP/2 or 1.1 by ALPN. */
  private static HttpServerOptions secured(HttpServerOptions options, TlsSettings tls) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setKeyCertOptions(
            new PemKeyCertOptions().setCertPath(tls.certificate()).setKeyPath(tls.key()));
    if (tls.ca() != null) {
      options
          .setTrustOptions(new PemTrustOptions().addCertPath(tls.ca()))
          .setClientAuth(tls.clientAuth() ? ClientAuth.REQUIRED : ClientAuth.NONE);
    }
    return options;
  }
}
