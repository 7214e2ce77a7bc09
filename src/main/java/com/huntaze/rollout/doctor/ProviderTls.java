package com.huntaze.rollout.doctor;

import com.huntaze.rollout.settings.HttpUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A handshake, and what it tells of the certificate. */
final class ProviderTls {
  private static final long SOON_DAYS = 14;

  private final String provider;
  private final String name;

  /** The key for the authorities. */
  private final String setting;

  private final HttpUrl url;
  private final Path ca;
  private Finding finding;

  /**
   * @param provider {@code foundry} or {@code legacy}
   * @param ca the authorities to trust, {@code null} = the system's
   */
  ProviderTls(String provider, HttpUrl url, Path ca) {
    this.name = provider + " tls";
    this.provider = provider;
    this.setting = "providers.%s.tls.ca".formatted(provider);
    this.url = url;
    this.ca = ca;
  }

  /** Returns the finding, after {@link #over}. */
  Finding finding() {
    return finding;
  }

  /** The secured connection; {@code null} if there is none, and {@link #finding} says why. */
  Socket over(Socket plain) throws IOException {
    try {
      SSLSocket socket =
          (SSLSocket)
              context().getSocketFactory().createSocket(plain, url.host(), url.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      finding = valid(socket);
      return socket;
    } catch (SocketTimeoutException silent) {
      finding = refused("no handshake in time", "is it TLS? the URL says https");
    } catch (SSLException failure) {
      finding = refused(words(failure), remedy(failure));
    } catch (GeneralSecurityException | IOException failure) {
      finding = refused(String.valueOf(failure.getMessage()), setting + ", or the URL");
    }
    return null;
  }

  private Finding refused(String seen, String remedy) {
    return Finding.fail(name, seen, remedy);
  }

  private Finding valid(SSLSocket socket) throws SSLException {
    X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    long days = Duration.between(Instant.now(), certificate.getNotAfter().toInstant()).toDays();
    String seen =
        "%s, the certificate is %s's for %d more days"
            .formatted(socket.getSession().getProtocol(), url.host(), days);
    return days < SOON_DAYS
        ? Finding.warn(name, seen, "renew it, before every request fails")
        : Finding.ok(name, seen);
  }

  private static String words(SSLException failure) {
    String all = causes(failure);
    if (all.contains("unable to find valid certification path") || all.contains("self-signed")) {
      return "its certificate is of an authority that is not trusted";
    } else if (all.contains("NotAfter")) {
      return "its certificate has expired";
    } else if (all.contains("NotBefore")) {
      return "its certificate is not valid yet";
    } else if (isAnotherName(all)) {
      return "its certificate is another name's: " + failure.getMessage();
    } else if (isPlain(all)) {
      return "it speaks plain HTTP there";
    }
    return String.valueOf(failure.getMessage());
  }

  private static boolean isAnotherName(String all) {
    return all.contains("No subject alternative") || all.contains("No name matching");
  }

  private static boolean isPlain(String all) {
    return all.contains("Unsupported or unrecognized SSL message");
  }

  private String remedy(SSLException failure) {
    String all = causes(failure);
    if (isAnotherName(all)) {
      return "the URL with a name of the certificate, or a certificate for " + url.host();
    } else if (isPlain(all)) {
      return "http:// in providers.%s.url, or a port that speaks TLS".formatted(provider);
    } else if (all.contains("NotAfter") || all.contains("NotBefore")) {
      return "renew it; or this machine's clock is wrong";
    }
    return ca == null
        ? "%s with the PEM file of its authority, or a certificate of a known one"
            .formatted(setting)
        : "%s with the PEM file of the authority that has signed it".formatted(setting);
  }

  private static String causes(Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      all.append(cause).append('\n');
    }
    return all.toString();
  }

  private SSLContext context() throws GeneralSecurityException, IOException {
    if (ca == null) {
      return SSLContext.getDefault();
    }
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(ca)) {
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca-" + number++, one);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
