package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Authorities, and certificates that they have signed, made by openssl as people make them. */
final class Certificates {
  private final Path folder;

  Certificates(Path folder) {
    this.folder = folder;
  }

  /** The files of one certificate. */
  record Pem(Path certificate, Path key) {
    JsonObject tls() {
      return new JsonObject().put("certificate", certificate.toString()).put("key", key.toString());
    }
  }

  /** An authority. */
  Pem authority(String name) throws Exception {
    Pem pem = pem(name);
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-keyout",
        pem.key().toString(),
        "-out",
        pem.certificate().toString());
    return pem;
  }

  /**
   * A certificate that an authority has signed.
   *
   * @param names as in {@code subjectAltName}: {@code IP:127.0.0.1,DNS:localhost}
   */
  Pem signed(Pem by, String name, String names) throws Exception {
    Pem pem = pem(name);
    Path request = folder.resolve(name + ".csr");
    Path extension = Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + names);
    openssl(
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-keyout",
        pem.key().toString(),
        "-out",
        request.toString());
    openssl(
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        by.certificate().toString(),
        "-CAkey",
        by.key().toString(),
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        extension.toString(),
        "-out",
        pem.certificate().toString());
    return pem;
  }

  private Pem pem(String name) {
    return new Pem(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  private void openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("openssl.log");
    Process openssl =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(openssl.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(openssl.exitValue()).as(Files.readString(log)).isZero();
  }
}
