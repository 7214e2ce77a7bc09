package com.huntaze.rollout.tls;

import com.huntaze.rollout.settings.TlsSettings;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.util.Set;

/** TLS 1.2 and 1.3 for listeners and towards providers, by PEM files. */
public final class TlsOptions {
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

  private TlsOptions() {}

  /**
   * Makes a listener speak TLS.
   *
   * @param tls {@code null} = plain HTTP, and nothing is changed
   */
  public static HttpServerOptions secure(HttpServerOptions options, TlsSettings tls) {
    if (tls == null) {
      return options;
    }
    files(options.setSsl(true), tls);
    if (tls.ca() != null) {
      options.setClientAuth(tls.clientAuth() ? ClientAuth.REQUIRED : ClientAuth.NONE);
    }
    return options;
  }

  /**
   * Makes a client check the names of those that it speaks TLS with, always, and trust the
   * configured authorities instead of the system's.
   *
   * @param tls {@code null} = the system's authorities and no certificate of our own
   */
  public static <T extends HttpClientOptions> T verify(T options, TlsSettings tls) {
    options.setVerifyHost(true).setTrustAll(false);
    options.setEnabledSecureTransportProtocols(PROTOCOLS);
    if (tls != null) {
      files(options, tls);
    }
    return options;
  }

  private static void files(TCPSSLOptions options, TlsSettings tls) {
    options.setEnabledSecureTransportProtocols(PROTOCOLS);
    if (tls.certificate() != null) {
      options.setKeyCertOptions(pair(tls));
    }
    if (tls.ca() != null) {
      options.setTrustOptions(authorities(tls));
    }
  }

  static PemKeyCertOptions pair(TlsSettings tls) {
    return new PemKeyCertOptions().setCertPath(tls.certificate()).setKeyPath(tls.key());
  }

  static PemTrustOptions authorities(TlsSettings tls) {
    return new PemTrustOptions().addCertPath(tls.ca());
  }
}
