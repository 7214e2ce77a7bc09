package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The versions of HTTP that clients speak to the data port. A promise is one of both, so suites
 * about it are {@code @ParameterizedClass} with this enum: HTTP/1.1 in the clear, as behind a load
 * balancer, and HTTP/2 over TLS, which is where a client of the proxy gets it from.
 */
enum Wire {
  HTTP_1_1,
  HTTP_2;

  boolean isHttp2() {
    return this == HTTP_2;
  }

  /** The settings of a data port that speaks this version. */
  JsonObject server() {
    return this == HTTP_1_1 ? new JsonObject() : new JsonObject().put("tls", Certificate.PEM.tls());
  }

  /** The scheme that clients of this version use. */
  String scheme() {
    return this == HTTP_1_1 ? "http" : "https";
  }

  /** A client that writes and reads messages of HTTP/1.1, whichever version carries them. */
  TextClient client(int port) throws java.io.IOException {
    return this == HTTP_1_1 ? new RawClient(port) : new StreamClient(port);
  }

  /** A client that speaks this version alone, and believes any certificate. */
  HttpClient client() {
    return this == HTTP_1_1
        ? HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
        : HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(TrustAll.context())
            .build();
  }

  /** One certificate of a run: making one takes a tenth of a second. */
  private static final class Certificate {
    private static final Certificates.Pem PEM = made();

    private static Certificates.Pem made() {
      try {
        Path folder = Files.createDirectories(Path.of("target", "it-tls").toAbsolutePath());
        Path own = Files.createTempDirectory(folder, "wire-");
        Certificates.Pem pem =
            new Certificates.Pem(own.resolve("localhost.pem"), own.resolve("localhost.key"));
        Process openssl =
            new ProcessBuilder(
                    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                        .concat(" -subj /CN=localhost -keyout localhost.key -out localhost.pem")
                        .split(" "))
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("openssl.log").toFile())
                .start();
        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).as(Files.readString(own.resolve("openssl.log"))).isZero();
        return pem;
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
  }
}
