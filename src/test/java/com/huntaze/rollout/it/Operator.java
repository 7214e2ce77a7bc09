package com.huntaze.rollout.it;

import com.huntaze.rollout.it.Certificates.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Somebody with the right to, who makes a new connection for each order as the CLI does. */
final class Operator {
  private static final String BODY = "{\"reason\":\"test\"}";
  private static final int PATIENCE_MILLIS = 90_000;

  private final int port;
  private final String token;
  private final SocketFactory sockets;

  /**
   * @param token empty = shows none
   * @param authority null = speaks plain HTTP
   */
  Operator(int port, String token, Pem authority) throws Exception {
    this.port = port;
    this.token = token;
    this.sockets = authority == null ? SocketFactory.getDefault() : trusting(authority);
  }

  private static SocketFactory trusting(Pem authority) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority.certificate())) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setCertificateEntry("authority", certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  /** A connection that says nothing but what TLS needs. */
  Socket guest() throws IOException {
    Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
    if (socket instanceof SSLSocket secure) {
      secure.startHandshake();
    }
    return socket;
  }

  /** Gives an order; the status of its answer. */
  int order(String command) throws IOException {
    try (Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String bearer = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
      String request =
          "POST /api/v1/canary/%s HTTP/1.1\r\nHost: localhost\r\n%s".formatted(command, bearer)
              + "Content-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                  .formatted(BODY.length(), BODY);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }
  }
}
