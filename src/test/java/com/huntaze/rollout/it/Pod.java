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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod of the manifests as a process: its address is one of the loopback network, its variables
 * and its command line are those of the container.
 */
final class Pod implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String address;
  private final int port;
  private final int adminPort;
  private final ProxyProcess process;

  private Pod(String address, int port, int adminPort, ProxyProcess process) {
    this.address = address;
    this.port = port;
    this.adminPort = adminPort;
    this.process = process;
  }

  /** Starts it. The addresses of names come from a file, as in a cluster from its DNS. */
  static Pod start(
      String name,
      String address,
      int port,
      int adminPort,
      JsonObject container,
      Path config,
      Path hosts)
      throws Exception {
    Map<String, String> variables = new HashMap<>();
    variables.put("LOG_FORMAT", "json");
    Map<String, String> fields = Map.of("status.podIP", address, "metadata.name", name);
    for (Object each : container.getJsonArray("env")) {
      JsonObject variable = (JsonObject) each;
      JsonObject from = variable.getJsonObject("valueFrom", new JsonObject());
      String field = from.getJsonObject("fieldRef", new JsonObject()).getString("fieldPath", "");
      variables.put(
          variable.getString("name"), variable.getString("value", fields.getOrDefault(field, "")));
    }
    JsonArray arguments = container.getJsonArray("args");
    assertThat(arguments).hasSize(3).startsWith("run", "--config");
    ProxyProcess process =
        ProxyProcess.start(
            List.of("-Xmx128m", "-Djdk.net.hosts.file=" + hosts.toAbsolutePath()),
            variables,
            arguments.getString(0),
            arguments.getString(1),
            config.toAbsolutePath().toString());
    return new Pod(address, port, adminPort, process);
  }

  /** A process that was started otherwise. */
  static Pod of(String address, int port, int adminPort, ProxyProcess process) {
    return new Pod(address, port, adminPort, process);
  }

  String address() {
    return address;
  }

  /** As kubelet ends it. Returns when it has ended, which is to be well. */
  void terminate() throws Exception {
    process.process().destroy();
    assertThat(process.process().waitFor()).as(process.output()).isZero();
  }

  /** As a node that is lost ends it. */
  void kill() throws Exception {
    // Not the process itself, which would close its output under the one who reads it.
    process.process().toHandle().destroyForcibly();
    process.process().waitFor();
  }

  /** The answer that kubelet gets from its readiness probe. */
  boolean isReady() {
    try {
      return send(HttpRequest.newBuilder(admin("/readyz")).build()).statusCode() == 200;
    } catch (IOException gone) {
      return false;
    }
  }

  JsonObject get(String token, String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(admin(path)).header("Authorization", "Bearer " + token).build();
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  void order(String token, String command) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(admin("/api/v1/canary/" + command))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  /** The status of a client's request. */
  int ask(String key, int number) throws IOException {
    String body = "{\"model\":\"m\",\"prompt\":\"%d\"}".formatted(number);
    return send(HttpRequest.newBuilder(URI.create("http://%s:%d/route".formatted(address, port)))
            .header("Content-Type", "application/json")
            .header("X-API-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build())
        .statusCode();
  }

  private URI admin(String path) {
    return URI.create("http://%s:%d%s".formatted(address, adminPort, path));
  }

  private static HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new IOException(hurried);
    }
  }

  /** The members as it sees them. */
  List<JsonObject> members(String token) throws IOException {
    return get(token, "/api/v1/cluster").getJsonArray("members").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  /** Waits until it sees so many members, each of whom it has heard, and one that leads. */
  void sees(String token, int count) {
    Waits.until(
        () -> {
          try {
            return members(token);
          } catch (IOException gone) {
            throw new AssertionError(gone);
          }
        },
        all ->
            all.size() == count
                && all.stream().allMatch(each -> each.getString("replica") != null)
                && all.stream()
                        .filter(each -> Boolean.TRUE.equals(each.getBoolean("leads")))
                        .count()
                    == 1);
  }

  /** Waits until it hears all whom it knows. */
  void missesNobody(String token) {
    Waits.until(
        () -> {
          try {
            return get(token, "/api/v1/cluster").getJsonArray("missing");
          } catch (IOException gone) {
            throw new AssertionError(gone);
          }
        },
        JsonArray::isEmpty);
  }

  /** Waits until it says that the rollout is at a stage. */
  void isAt(String token, String phase) {
    Waits.until(
        () -> {
          try {
            return get(token, "/api/v1/canary").getString("phase");
          } catch (IOException gone) {
            throw new AssertionError(gone);
          }
        },
        phase::equals);
  }

  @Override
  public void close() {
    process.close();
  }
}
