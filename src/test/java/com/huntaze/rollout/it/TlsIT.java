package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data port over TLS: both versions of HTTP by ALPN, and certificates that change. */
class TlsIT {
  @TempDir private Path folder;
  private RawOrigin origin;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    certificate("first");
    origin = new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
    JsonObject tls =
        new JsonObject()
            .put("certificate", folder.resolve("cert.pem").toString())
            .put("key", folder.resolve("key.pem").toString());
    proxy =
        RunningProxy.start(
            RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1")
                .put("server", new JsonObject().put("tls", tls)));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  /** Makes a key and a certificate with this name, and puts them where the proxy reads them. */
  private void certificate(String name) throws Exception {
    Path cert = folder.resolve("new-cert.pem");
    Path key = folder.resolve("new-key.pem");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                key.toString(),
                "-out",
                cert.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(openssl.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(openssl.exitValue()).as(Files.readString(folder.resolve("openssl.log"))).isZero();
    Files.move(key, folder.resolve("key.pem"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(cert, folder.resolve("cert.pem"), StandardCopyOption.REPLACE_EXISTING);
  }

  private HttpResponse<String> get(HttpClient.Version version) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + proxy.port() + "/x")).build();
    return HttpClient.newBuilder()
        .sslContext(TrustAll.context())
        .version(version)
        .build()
        .send(request, BodyHandlers.ofString());
  }

  private static String subject(HttpResponse<?> answer) throws Exception {
    X509Certificate presented =
        (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
    return presented.getSubjectX500Principal().getName();
  }

  @Test
  void speaksBothVersionsByAlpn() throws Exception {
    HttpResponse<String> two = get(HttpClient.Version.HTTP_2);
    assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(two.statusCode()).isEqualTo(200);
    assertThat(two.headers().firstValue("x-ai-provider")).contains("foundry");
    assertThat(origin.nextHead()).contains("Via: 2 rollout-proxy", "X-Forwarded-Proto: https");
    HttpResponse<String> one = get(HttpClient.Version.HTTP_1_1);
    assertThat(one.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(one.body()).isEqualTo("ok");
  }

  @Test
  void tellsItsLimits() {
    Vertx vertx = Vertx.vertx();
    try {
      HttpClientAgent client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setSsl(true)
                  .setTrustAll(true)
                  .setVerifyHost(false)
                  .setUseAlpn(true)
                  .setProtocolVersion(HttpVersion.HTTP_2));
      HttpClientConnection connection =
          RunningProxy.await(StreamClient.connect(vertx, client, proxy.port()));
      Http2Settings told = (Http2Settings) connection.remoteSettings();
      // The default of RFC 7541: clients that send no table update fail with another.
      assertThat(told.getHeaderTableSize()).isEqualTo(4_096);
      assertThat(told.getMaxConcurrentStreams()).isEqualTo(100);
    } finally {
      RunningProxy.await(vertx.close());
    }
  }

  @Test
  void putsANewCertificateInForceWithoutARestart() throws Exception {
    assertThat(subject(get(HttpClient.Version.HTTP_1_1))).isEqualTo("CN=first");
    certificate("second");
    Waits.until(() -> subject(get(HttpClient.Version.HTTP_1_1)), "CN=second"::equals);
  }

  /** The certificate is our own, and its name is not an address: the test looks at it itself. */
}
