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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar and the files of its configuration, changed in every way that files are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("heavy")
class ConfigFilesIT {
  private static final String PLANTED = "hunter2";

  private Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private RawOrigin origin;
  private Path file;
  private ProxyProcess proxy;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    folder = directory;
    origin = new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
    Files.writeString(folder.resolve("secret"), PLANTED + "-file");
    Files.writeString(folder.resolve("prices.json"), "{\"models\": {}}");
    file = folder.resolve("proxy.json");
    Files.writeString(file, document("15m"));
    proxy =
        ProxyProcess.start(
            List.of("-Xmx128m"),
            Map.of("AI_ROUTER_API_KEY", PLANTED + "-variable"),
            "run",
            "--config",
            file.toString());
  }

  @AfterAll
  void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  @BeforeEach
  void mend() throws IOException {
    Files.writeString(file, document("15m"));
    awaitStream("15m");
    awaitMetric("rollout_config_last_reload_successful 1.0");
  }

  /** Valid, with the time after which streams are cut. */
  private String document(String stream) {
    return new JsonObject()
        .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
        .put("admin", new JsonObject().put("port", 0))
        .put("providers", providers())
        .put("state", new JsonObject().put("dir", ""))
        .put("canary", new JsonObject().put("salt", "${file:secret}"))
        .put("timeouts", new JsonObject().put("stream", stream))
        .encodePrettily();
  }

  private JsonObject providers() {
    return new JsonObject()
        .put("foundry", new JsonObject().put("url", origin.url()))
        .put(
            "legacy",
            new JsonObject()
                .put("url", origin.url())
                .put("headers", new JsonObject().put("Authorization", PLANTED + "-literal")));
  }

  private HttpResponse<String> admin(String method, String path) throws IOException {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
              .timeout(Duration.ofSeconds(60))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  private Object effective(String path) throws IOException {
    JsonArray values = new JsonObject(admin("GET", "/api/v1/config").body()).getJsonArray("values");
    return values.stream()
        .map(JsonObject.class::cast)
        .filter(value -> value.getString("path").equals(path))
        .findFirst()
        .orElseThrow()
        .getValue("value");
  }

  private void awaitStream(String stream) {
    Waits.until(() -> effective("timeouts.stream").equals(stream));
  }

  private void awaitMetric(String line) {
    Waits.until(() -> admin("GET", "/metrics").body().contains(line));
  }

  @Test
  void isWrittenInPlace() throws IOException {
    Files.writeString(file, document("1m"));
    awaitStream("1m");
    proxy.awaitOutput("timeouts.stream: \"15m\" -> \"1m\"");
  }

  @Test
  void isReplacedByRename() throws IOException {
    Path next = Files.writeString(folder.resolve("next.json"), document("2m"));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    awaitStream("2m");
  }

  /** As Kubernetes updates a ConfigMap: a link to a directory is swapped. */
  @Test
  void liesBehindALinkThatIsSwapped() throws IOException {
    Path first = Files.createDirectories(folder.resolve("..1"));
    Path second = Files.createDirectories(folder.resolve("..2"));
    Files.writeString(first.resolve("proxy.json"), document("3m"));
    Files.writeString(second.resolve("proxy.json"), document("4m"));
    Path data = folder.resolve("..data");
    Files.deleteIfExists(data);
    Files.createSymbolicLink(data, first.getFileName());
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, Path.of("..data/proxy.json"));
    Files.move(link, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    awaitStream("3m");
    Path swapped = folder.resolve("..swap");
    Files.createSymbolicLink(swapped, second.getFileName());
    Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    awaitStream("4m");
    Files.delete(file);
    Files.writeString(file, document("4m"));
  }

  @Test
  void isReadAgainOnHangup() throws Exception {
    awaitSigned("SIGHUP");
    assertThat(proxy.process().isAlive()).isTrue();
  }

  /** A JVM that begins with hangups ignored can hear none. */
  @Test
  void underNohupItSaysThatItHearsNoHangup() throws Exception {
    try (ProxyProcess ignoring = ProxyProcess.startUnderNohup("run", "--config", file.toString())) {
      ignoring.awaitOutput("SIGHUP is ignored here");
    }
  }

  private void awaitSigned(String cause) throws Exception {
    Files.writeString(file, "{");
    new ProcessBuilder("kill", "-HUP", Long.toString(proxy.process().pid())).start().waitFor();
    Waits.until(() -> proxy.output().contains("refused (" + cause + ")"));
  }

  @Test
  void isReadAgainByTheAdminPort() throws IOException {
    Files.writeString(file, document("6m"));
    HttpResponse<String> answer = admin("POST", "/api/v1/config/reload");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(List.of("applied", "unchanged"))
        .contains(new JsonObject(answer.body()).getString("result"));
    assertThat(effective("timeouts.stream")).isEqualTo("6m");
    assertThat(new JsonObject(admin("POST", "/api/v1/config/reload").body()).getString("result"))
        .isEqualTo("unchanged");
  }

  @Test
  void dependsOnOtherFiles() throws IOException {
    Files.writeString(
        folder.resolve("prices.json"),
        "{\"models\": {\"m\": {\"input\": \"1\", \"output\": \"2\"}}}");
    Waits.until(() -> proxy.output().contains("prices (content): 0 models -> 1 models"));
    Files.writeString(folder.resolve("prices.json"), "{\"models\": {}}");
    Files.writeString(folder.resolve("secret"), PLANTED + "-other");
    Waits.until(() -> proxy.output().contains("canary.salt: \"***\" -> \"***\""));
    Files.writeString(folder.resolve("secret"), PLANTED + "-file");
  }

  /** As where a secret is mounted a moment after the configuration that names it. */
  @Test
  void isTakenAsSoonAsAFileIsThereForWantOfWhichItWasRefused() throws Exception {
    String authority =
        Files.readString(new Certificates(folder).authority("authority").certificate());
    JsonObject secret = new JsonObject(document("10m"));
    secret.getJsonObject("canary").put("salt", "${file:later-secret}");
    isTakenWith(secret, "10m", "later-secret", PLANTED + "-later");
    JsonObject priced = new JsonObject(document("11m")).put("prices", "later-prices");
    isTakenWith(priced, "11m", "later-prices", "{\"models\": {}}");
    JsonObject trusting = new JsonObject(document("12m"));
    trusting
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("tls", new JsonObject().put("ca", "later-ca.pem"));
    isTakenWith(trusting, "12m", "later-ca.pem", authority);
  }

  /** Each with a file of its own: the end of one that is watched is a change, too. */
  private void isTakenWith(JsonObject document, String stream, String later, String content)
      throws IOException {
    String before = refusals(admin("GET", "/metrics").body());
    Path next = Files.writeString(folder.resolve("next.json"), document.encode());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    awaitMetric("rollout_config_last_reload_successful 0.0");
    assertThat(effective("timeouts.stream")).isNotEqualTo(stream);
    // Once, and not again by the look at the file for which it waits.
    Waits.pause(Duration.ofSeconds(2));
    assertThat(count(refusals(admin("GET", "/metrics").body()))).isEqualTo(count(before) + 1);
    Files.writeString(folder.resolve(later), content);
    awaitStream(stream);
    mend();
  }

  private static double count(String line) {
    return Double.parseDouble(line.substring(line.indexOf(' ') + 1));
  }

  /** Written slowly, it is taken when it is whole; nobody is told of the halves. */
  @Test
  void isWrittenLittleByLittle() throws Exception {
    // A writer whom a busy machine has held up for longer leaves a half that is rightly refused.
    Waits.until(() -> refusedWhileWritten(), Integer.valueOf(0)::equals);
  }

  private int tries;

  /** Writes a document in eight pieces: the halves that were refused, or -1 if it was held up. */
  private int refusedWhileWritten() throws IOException {
    tries++;
    String stream = tries % 2 == 0 ? "8m" : "7m";
    String text = document(stream);
    String before = admin("GET", "/metrics").body();
    long longestNanos = 0;
    long last = System.nanoTime();
    Files.writeString(file, "");
    for (int at = 0; at < text.length(); at += text.length() / 8) {
      String piece = text.substring(at, Math.min(text.length(), at + text.length() / 8));
      Files.writeString(file, piece, StandardOpenOption.APPEND);
      longestNanos = Math.max(longestNanos, System.nanoTime() - last);
      last = System.nanoTime();
      Waits.pause(Duration.ofMillis(40));
    }
    awaitStream(stream);
    if (longestNanos > Duration.ofMillis(100).toNanos()) {
      return -1;
    }
    assertThat(refusals(admin("GET", "/metrics").body())).isEqualTo(refusals(before));
    return 0;
  }

  private static String refusals(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("rollout_config_reloads_total{result=\"refused\"}"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesEveryBrokenFileAndRunsOn() throws IOException {
    for (Map.Entry<String, byte[]> broken : BrokenConfigs.of(document("8m")).entrySet()) {
      Files.write(file, broken.getValue());
      HttpResponse<String> answer = admin("POST", "/api/v1/config/reload");
      assertThat(answer.statusCode()).as(broken.getKey()).isEqualTo(422);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      List<String> sentences = new ArrayList<>();
      new JsonObject(answer.body())
          .getJsonArray("problems")
          .forEach(problem -> sentences.add(((JsonObject) problem).getString("sentence")));
      assertThat(String.join("; ", sentences)).contains(broken.getKey());
      assertThat(effective("timeouts.stream")).as(broken.getKey()).isEqualTo("15m");
      assertThat(ask()).as(broken.getKey()).isEqualTo(200);
    }
    awaitMetric("rollout_config_last_reload_successful 0.0");
    Waits.until(() -> admin("GET", "/api/v1/alerts").body().contains("configuration_refused"));
  }

  private int ask() throws IOException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + "/route"))
                  .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"hi\"}"))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  @Test
  void aFileThatIsGoneChangesNothing() throws IOException {
    Files.delete(file);
    awaitMetric("rollout_config_last_reload_successful 0.0");
    assertThat(ask()).isEqualTo(200);
    proxy.awaitOutput("proxy.json: no such file");
  }

  @Test
  void noSecretIsShownByAnybody() throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String path :
        List.of(
            "/api/v1/config",
            "/metrics",
            "/api/v1/canary",
            "/api/v1/alerts",
            "/api/v1/providers",
            "/api/v1/requests",
            "/api/v1/transitions",
            "/dashboard.json")) {
      seen.append(admin("GET", path).body());
    }
    String[] config = {"config", "--config", file.toString()};
    Map<String, String> variables = Map.of("AI_ROUTER_API_KEY", PLANTED + "-variable");
    ProxyProcess.Ended text = ProxyProcess.run(variables, config);
    ProxyProcess.Ended json =
        ProxyProcess.run(variables, "config", "--json", "--config", file.toString());
    assertThat(text.code()).isZero();
    assertThat(text.output())
        .contains("timeouts.stream")
        .containsPattern("providers\\.foundry\\.headers\\.X-API-Key +\"\\*\\*\\*\" +environment")
        .containsPattern("timeouts\\.connect|timeouts\\.toFirstContent +\"55s\" +default");
    assertThat(new JsonObject(json.output()).getJsonArray("values")).isNotEmpty();
    seen.append(text.output()).append(json.output()).append(proxy.output());
    assertThat(seen.toString()).doesNotContain(PLANTED);
  }

  @Test
  void isReadAgainByTheCommandLine() throws Exception {
    String url = "http://127.0.0.1:" + proxy.adminPort();
    Files.writeString(file, document("9m"));
    ProxyProcess.Ended done = ProxyProcess.run(Map.of(), "reload", "--admin", url);
    assertThat(done.code()).isZero();
    assertThat(effective("timeouts.stream")).isEqualTo("9m");
    Files.write(file, "{\"timeuts\": {}}".getBytes(StandardCharsets.UTF_8));
    ProxyProcess.Ended refused = ProxyProcess.run(Map.of(), "reload", "--admin", url);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output())
        .contains(
            "the configuration is refused, the running one stays",
            "timeuts: unknown key (did you mean \"timeouts\"?)");
  }
}
