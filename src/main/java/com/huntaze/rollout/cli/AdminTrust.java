package com.huntaze.rollout.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** TLS trust for connections to the admin port. */
final class AdminTrust {
  private AdminTrust() {}

  /**
   * The authorities of a PEM file, and no others.
   *
   * @throws IOException with one sentence if it is no such file
   */
  static SSLContext in(Path authorities) throws IOException {
    try (InputStream pem = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return context(trust.getTrustManagers());
    } catch (GeneralSecurityException | IOException strange) {
      throw new IOException(
          "%s (expected: a PEM file with certificates)".formatted(authorities), strange);
    }
  }

  /**
   * Anybody: for a question to this machine itself that has no secret in it and whose answer is yes
   * or no.
   */
  static SSLContext anybody() throws GeneralSecurityException {
    return context(new TrustManager[] {new Anybody()});
  }

  private static SSLContext context(TrustManager... trusted) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trusted, null);
    return context;
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
