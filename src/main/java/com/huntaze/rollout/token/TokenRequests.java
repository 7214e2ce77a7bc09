package com.huntaze.rollout.token;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Asks for tokens where they come from. What it says of a failure repeats nothing secret. */
final class TokenRequests {
  private static final int MOST_BYTES = 65_536;
  private static final long HTTP_MILLIS = 10_000;
  private static final long COMMAND_SECONDS = 30;
  private static final int OK = 200;

  private final Vertx vertx;
  private final WebClient client;

  TokenRequests(Vertx vertx) {
    this.vertx = vertx;
    this.client =
        WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false).setShared(false));
  }

  /** Asks for a token: its text, or JSON with it. */
  Future<String> ask(TokenSettings settings) {
    return switch (settings.from()) {
      case FILE -> read(settings.file());
      case COMMAND -> blocking(() -> run(settings));
      case MANAGED_IDENTITY -> managed(settings);
      case WORKLOAD_IDENTITY ->
          read(settings.file()).compose(assertion -> exchange(settings, assertion.strip()));
    };
  }

  void close() {
    client.close();
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private Future<String> read(String file) {
    return blocking(
        () -> {
          Path path = Path.of(file);
          // A FIFO would never end, and a device neither.
          if (!Files.isRegularFile(path)) {
            throw new IOException(path.getFileName() + ": no file (expected: one with a token)");
          }
          try (InputStream in = Files.newInputStream(path)) {
            return text(in, path.getFileName().toString());
          }
        });
  }

  private static String text(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException(name + ": too long (expected: at most %d bytes)".formatted(MOST_BYTES));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String run(TokenSettings settings) throws IOException, InterruptedException {
    String name = settings.command().get(0);
    Path out = Files.createTempFile("token", null);
    try {
      Process process =
          new ProcessBuilder(settings.command())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException(
              "%s: still runs (expected: an end within %d s)".formatted(name, COMMAND_SECONDS));
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s: exit status %d (expected: 0)".formatted(name, process.exitValue()));
      }
      try (InputStream in = Files.newInputStream(out)) {
        return text(in, name);
      }
    } finally {
      Files.deleteIfExists(out);
    }
  }

  /** IMDS of a machine, or with a key the endpoint of an app: Azure's managed identities. */
  private Future<String> managed(TokenSettings settings) {
    boolean keyed = !settings.endpointKey().isEmpty();
    HttpRequest<Buffer> request =
        client
            .getAbs(settings.endpoint().toString())
            .timeout(HTTP_MILLIS)
            .addQueryParam("api-version", keyed ? "2019-08-01" : "2018-02-01")
            .addQueryParam("resource", settings.resource());
    if (!settings.clientId().isEmpty()) {
      request.addQueryParam("client_id", settings.clientId());
    }
    if (keyed) {
      request.putHeader("X-IDENTITY-HEADER", settings.endpointKey());
    } else {
      request.putHeader("Metadata", "true");
    }
    return request.send().compose(answer -> body("the managed identity's endpoint", answer));
  }

  /** OAuth 2.0 client credentials with a client assertion, RFC 7523 §2.2. */
  private Future<String> exchange(TokenSettings settings, String assertion) {
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap()
            .add("grant_type", "client_credentials")
            .add("client_id", settings.clientId())
            .add("scope", settings.resource() + "/.default")
            .add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .add("client_assertion", assertion);
    return client
        .postAbs(settings.authority() + "/" + settings.tenantId() + "/oauth2/v2.0/token")
        .timeout(HTTP_MILLIS)
        .sendForm(form)
        .compose(answer -> body("Entra ID", answer));
  }

  private static Future<String> body(String who, HttpResponse<Buffer> answer) {
    Buffer body = answer.body();
    if (answer.statusCode() != OK || body == null || body.length() > MOST_BYTES) {
      return Future.failedFuture(
          "%s answered %d (expected: 200 with a token)".formatted(who, answer.statusCode()));
    }
    return Future.succeededFuture(body.toString());
  }
}
