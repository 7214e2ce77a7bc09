package com.huntaze.rollout.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** The admin port of a running proxy, as a command sees it. Blocks. */
final class AdminApi {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The words that the JDK's messages of an answer that is no TLS have in common. */
  private static final String NOT_TLS = "recognized SSL message";

  private final HttpClient client;
  private final URI base;
  private final String token;

  /**
   * @param token empty = none is sent
   * @param trust whom to believe over https, {@code null} = the system's authorities
   */
  AdminApi(URI base, String token, SSLContext trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    client = (trust == null ? builder : builder.sslContext(trust)).build();
    this.base = base;
    this.token = token;
  }

  /** A request that cannot be fulfilled; the message is one sentence for people. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean usage;

    Refused(String sentence) {
      this(sentence, false);
    }

    /**
     * @param usage whether what was asked for is wrong, and not the moment
     */
    Refused(String sentence, boolean usage) {
      super(sentence, null, false, false);
      this.usage = usage;
    }

    ExitCode exitCode() {
      return usage ? ExitCode.USAGE : ExitCode.FAILED;
    }
  }

  /** The JSON that a path answers: a {@code JsonObject} or a {@code JsonArray}. */
  private Object get(String path) throws Refused {
    return send(request(path).GET());
  }

  /** The rollout's state. */
  JsonObject state() throws Refused {
    return object(get("/api/v1/canary"), "phase");
  }

  /** The figures of the latest evaluation; empty before the first. */
  JsonObject health() throws Refused {
    return object(get("/api/v1/metrics"));
  }

  JsonObject costs(String by) throws Refused {
    return object(get("/api/v1/costs?by=" + by), "total", "rows");
  }

  /** The members of the cluster; refused where none is configured. */
  JsonObject cluster() throws Refused {
    return object(get("/api/v1/cluster"), "members");
  }

  /** The list that a path answers. */
  JsonArray list(String path) throws Refused {
    if (get(path) instanceof JsonArray list) {
      return list;
    }
    throw another();
  }

  /** Gives an order; the state after it. */
  JsonObject post(String path, JsonObject body) throws Refused {
    return object(send(request(path).POST(json(body))), "phase");
  }

  /** As {@link #post}. */
  JsonObject put(String path, JsonObject body) throws Refused {
    return object(send(request(path).PUT(json(body))), "phase");
  }

  /** Has the configuration's files read again; what has changed. */
  JsonObject reload() throws Refused {
    return object(
        send(request("/api/v1/config/reload").POST(json(new JsonObject()))), "result", "changes");
  }

  /** An object that has these fields. */
  private JsonObject object(Object answer, String... fields) throws Refused {
    if (answer instanceof JsonObject object && object.fieldNames().containsAll(List.of(fields))) {
      return object;
    }
    throw another();
  }

  private Refused another() {
    return new Refused("%s: it does not answer as a proxy's admin port does".formatted(base));
  }

  private static HttpRequest.BodyPublisher json(JsonObject body) {
    return HttpRequest.BodyPublishers.ofString(body.encode());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(AdminAddress.of(base, path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json");
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private Object send(HttpRequest.Builder request) throws Refused {
    HttpResponse<String> answer;
    try {
      answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException nobody) {
      throw new Refused(
          "%s: %s (expected: a running proxy's admin port; --admin names another)"
              .formatted(base, isUnknown(nobody) ? "no such name" : "nobody listens there"));
    } catch (SSLException failure) {
      throw unsecured(String.valueOf(failure.getMessage()));
    } catch (HttpTimeoutException silent) {
      throw new Refused("%s: no answer within %d s".formatted(base, PATIENCE.toSeconds()));
    } catch (IOException broken) {
      throw new Refused(
          "%s: %s (expected: a running proxy's admin port; https:// in --admin if it speaks TLS)"
              .formatted(base, broken.getMessage()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted");
    }
    return read(answer);
  }

  private static boolean isUnknown(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof UnresolvedAddressException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  private Refused unsecured(String seen) {
    String sentence =
        seen.contains(NOT_TLS)
            ? "it speaks plain HTTP there (expected: http:// in --admin)"
            : seen
                + " (expected: a certificate for that name of a trusted authority; --ca names its"
                + " file)";
    return new Refused("%s: %s".formatted(base, sentence));
  }

  /** A problem's sentence, and on lines of their own what it is made of. */
  private static String detail(JsonObject problem) {
    StringBuilder detail = new StringBuilder(problem.getString("detail", ""));
    JsonArray parts = problem.getJsonArray("problems", new JsonArray());
    for (int i = 0; i < parts.size(); i++) {
      detail.append("\n  ").append(parts.getJsonObject(i).getString("sentence", ""));
    }
    return detail.toString();
  }

  private Object read(HttpResponse<String> answer) throws Refused {
    Object body;
    try {
      body = Json.decodeValue(answer.body());
    } catch (DecodeException other) {
      throw new Refused(
          "%s: it does not answer as a proxy's admin port does (status %d)"
              .formatted(base, answer.statusCode()));
    }
    if (answer.statusCode() == 200) {
      return body;
    }
    String detail = body instanceof JsonObject problem ? detail(problem) : "";
    if (detail.isEmpty()) {
      detail =
          "%s: it does not answer as a proxy's admin port does (status %d)"
              .formatted(base, answer.statusCode());
    }
    String hint =
        answer.statusCode() == 401 ? " (expected: --token, or ADMIN_TOKEN in the environment)" : "";
    throw new Refused(detail + hint, answer.statusCode() == 400);
  }
}
