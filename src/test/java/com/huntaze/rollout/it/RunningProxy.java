package com.huntaze.rollout.it;

import com.huntaze.rollout.app.RolloutProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A proxy embedded in the test's JVM, on free ports and a Vert.x of its own. */
final class RunningProxy implements AutoCloseable {
  private final Vertx vertx;
  private final RolloutProxy proxy;
  private final JsonObject configuration;
  private final Wire wire;
  private final HttpClient client;

  private RunningProxy(Wire wire, Vertx vertx, RolloutProxy proxy, JsonObject configuration) {
    this.wire = wire;
    this.client = wire.client();
    this.vertx = vertx;
    this.proxy = proxy;
    this.configuration = configuration;
  }

  /** Has it go by the configuration of its start with these changes; what became of it. */
  JsonObject reload(JsonObject changes) {
    return await(proxy.reload(configuration.copy().mergeIn(changes, true)));
  }

  /** Starts with the configuration, which may leave out everything but what the test is about. */
  static RunningProxy start(JsonObject configuration) {
    return start(Wire.HTTP_1_1, configuration);
  }

  /** The same with a data port that speaks a version, in which {@link #post} and others call. */
  static RunningProxy start(Wire wire, JsonObject configuration) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    JsonObject complete =
        new JsonObject()
            .put("server", wire.server().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("providers", withoutProbes())
            .put("state", new JsonObject().put("dir", ""))
            .mergeIn(configuration, true);
    return new RunningProxy(wire, vertx, await(RolloutProxy.start(vertx, complete)), complete);
  }

  /** Probes would mix with the requests that a test counts, unless it is about them. */
  static JsonObject withoutProbes() {
    JsonObject quiet =
        new JsonObject().put("probe", new JsonObject().put("interval", "1h").put("timeout", "1s"));
    return new JsonObject().put("foundry", quiet).put("legacy", quiet.copy());
  }

  /** A configuration with both providers at these addresses, and a mode. */
  static JsonObject before(String mode, String foundry, String legacy) {
    return new JsonObject()
        .put("provider", mode)
        .put(
            "providers",
            new JsonObject()
                .put("foundry", new JsonObject().put("url", foundry))
                .put("legacy", new JsonObject().put("url", legacy)));
  }

  /** The same with one stage at this percentage, which the tests start by hand. */
  static JsonObject canary(String foundry, String legacy, int percentage) {
    JsonObject stage = new JsonObject().put("phase", "only").put("percentage", percentage);
    return before("canary", foundry, legacy)
        .put("canary", new JsonObject().put("stages", new JsonArray().add(stage)));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(90, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  int port() {
    return proxy.port();
  }

  HttpResponse<String> get(String path, String... headers) throws IOException {
    return send(data(path, headers).GET());
  }

  HttpResponse<String> post(String path, String body, String... headers) throws IOException {
    return send(data(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> admin(String method, String path, String body, String... headers)
      throws IOException {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return send(request("http", proxy.adminPort(), path, headers).method(method, publisher));
  }

  int adminPort() {
    return proxy.adminPort();
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  /** A client of plain text to the data port. */
  TextClient client() throws IOException {
    return wire.client(port());
  }

  HttpRequest.Builder data(String path, String... headers) {
    return request(wire.scheme(), port(), path, headers);
  }

  private static HttpRequest.Builder request(
      String scheme, int port, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60));
    return headers.length == 0 ? request : request.headers(headers);
  }

  @Override
  public void close() {
    await(proxy.close());
    await(vertx.close());
  }
}
