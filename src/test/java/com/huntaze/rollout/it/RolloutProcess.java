package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** The packaged jar as a process with a state directory, and its admin API. */
final class RolloutProcess implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong asked = new AtomicLong();
  private final ProxyProcess process;

  private RolloutProcess(ProxyProcess process) {
    this.process = process;
  }

  /** Between two upstreams, judged many times a second; the changes are merged in. */
  static RolloutProcess start(String foundry, String legacy, Path stateDir, JsonObject changes)
      throws Exception {
    return start(Map.of(), foundry, legacy, stateDir, changes);
  }

  static RolloutProcess start(
      Map<String, String> environment,
      String foundry,
      String legacy,
      Path stateDir,
      JsonObject changes)
      throws Exception {
    JsonObject settings =
        RunningProxy.before("canary", foundry, legacy)
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("drain", new JsonObject().put("delay", "0s").put("timeout", "5s"))
            .put("state", new JsonObject().put("dir", stateDir.toString()))
            .put("health", new JsonObject().put("evaluateEvery", "50ms"))
            .mergeIn(changes, true);
    Path file = ProxyProcess.configuration(settings.encode());
    return new RolloutProcess(
        ProxyProcess.start(List.of("-Xmx128m"), environment, "run", "--config", file.toString()));
  }

  /** One that runs already. */
  static RolloutProcess of(ProxyProcess process) {
    return new RolloutProcess(process);
  }

  /** Stages of the seed's shares that bake for so long. */
  static JsonObject stages(String bake) {
    return new JsonObject()
        .put(
            "canary",
            new JsonObject()
                .put("promote", new JsonObject().put("minRequests", 20))
                .put(
                    "stages",
                    new JsonArray()
                        .add(stage("canary_10", 10).put("bake", bake))
                        .add(stage("canary_50", 50).put("bake", bake))
                        .add(stage("full", 100))));
  }

  private static JsonObject stage(String phase, int percentage) {
    return new JsonObject().put("phase", phase).put("percentage", percentage);
  }

  ProxyProcess process() {
    return process;
  }

  String url() {
    return "http://127.0.0.1:" + process.port();
  }

  JsonObject state() {
    return get("/api/v1/canary");
  }

  JsonObject get(String path) {
    HttpResponse<String> answer = admin("GET", path, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  /** Tells whether this replica leads, as its metrics have it. */
  boolean leads() {
    return admin("GET", "/metrics", null)
        .body()
        .lines()
        .anyMatch(line -> line.matches("rollout_\\w*leads(\\{.*})? 1(\\.0)?"));
  }

  /** This replica's part of a limit, as its metrics have it. */
  double share(String limit) {
    return figure("rollout_limit_share{limit=\"" + limit + "\"}");
  }

  /** The value of a series of this replica's metrics. */
  double figure(String series) {
    return admin("GET", "/metrics", null)
        .body()
        .lines()
        .filter(each -> each.startsWith(series + " "))
        .mapToDouble(each -> Double.parseDouble(each.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  HttpResponse<String> command(String command) {
    return admin("POST", "/api/v1/canary/" + command, "{\"reason\":\"test\"}");
  }

  /** A command that is carried out. */
  JsonObject done(String command) {
    HttpResponse<String> answer = command(command);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  HttpResponse<String> set(int percentage) {
    return admin("PUT", "/api/v1/canary/percentage", "{\"percentage\":%d}".formatted(percentage));
  }

  /** The figures and the decision of the latest evaluation. */
  JsonObject health() {
    return get("/api/v1/metrics");
  }

  JsonArray transitions() {
    return list("/api/v1/transitions");
  }

  JsonArray rollbacks() {
    return list("/api/v1/rollbacks");
  }

  /** The state of a provider's circuit breaker. */
  String breaker(String provider) {
    return list("/api/v1/providers").stream()
        .map(JsonObject.class::cast)
        .filter(each -> each.getString("provider").equals(provider))
        .findFirst()
        .orElseThrow()
        .getString("breaker");
  }

  JsonArray list(String path) {
    HttpResponse<String> answer = admin("GET", path, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonArray(answer.body());
  }

  private HttpResponse<String> admin(String method, String path, String body) {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.adminPort() + path))
            .header("Content-Type", "application/json")
            .method(method, publisher));
  }

  /**
   * One keyless request to the router's path, of another body each, also than those of other
   * replicas, and so another user's.
   */
  HttpResponse<String> post() {
    return send(route());
  }

  private HttpRequest.Builder route() {
    return HttpRequest.newBuilder(URI.create(url() + "/route"))
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"prompt\":\"hi %d at %d\"}".formatted(asked.incrementAndGet(), process.port())));
  }

  /** A conversation of this user begins. */
  HttpResponse<String> converse(String user) {
    return send(
        HttpRequest.newBuilder(URI.create(url() + "/v1/threads"))
            .header("Content-Type", "application/json")
            .header("X-User-ID", user)
            .POST(HttpRequest.BodyPublishers.ofString("{}")));
  }

  /** One request of this user. */
  HttpResponse<String> postAs(String user) {
    return send(route().header("X-User-ID", user));
  }

  /** One request of this user, which names a model. */
  HttpResponse<String> postAs(String user, String model) {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}".formatted(model);
    return send(
        HttpRequest.newBuilder(URI.create(url() + "/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .header("X-User-ID", user)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** One request by a client's key. */
  HttpResponse<String> postWith(String key) {
    return send(route().header("X-API-Key", key));
  }

  /** A client's judgement of an answer. */
  HttpResponse<String> judge(String feedback, String key) {
    return send(
        HttpRequest.newBuilder(URI.create(url() + "/v1/feedback"))
            .header("Content-Type", "application/json")
            .header("X-API-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(feedback)));
  }

  /** As many at the same time. */
  void postsAtOnce(int count) {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HttpRequest request = route().timeout(Duration.ofSeconds(60)).build();
      answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    answers.forEach(CompletableFuture::join);
  }

  void posts(int count) {
    for (int i = 0; i < count; i++) {
      post();
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(
          request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Does something, again and again, until the rollout is as wanted. */
  JsonObject until(Predicate<JsonObject> wanted, Runnable meanwhile) {
    return Waits.until(this::state, wanted, meanwhile::run);
  }

  JsonObject waitUntil(Predicate<JsonObject> wanted) {
    return until(wanted, () -> Waits.pause(Duration.ofMillis(10)));
  }

  /** Waits until the log has it: alerts are written a moment after what they tell of. */
  void awaitOutput(String part) {
    process.awaitOutput(part);
  }

  static Predicate<JsonObject> phase(String phase) {
    return state -> state.getString("phase").equals(phase);
  }

  static Predicate<JsonObject> percentage(int percentage) {
    return state -> state.getInteger("percentage") == percentage;
  }

  /** SIGKILL. */
  void kill() {
    process.close();
  }

  /** SIGTERM, and waits for the end, which is nothing to be alarmed about. */
  void terminate() throws InterruptedException {
    process.process().toHandle().destroy();
    process.process().waitFor();
    assertThat(process.finalOutput()).doesNotContain("cannot be written");
  }

  @Override
  public void close() {
    process.close();
  }
}
