package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard's files as they are served, and the demo's faults. */
class DashboardFilesIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String TOKEN = "0123456789-the-admin-token-0123456789";
  private static final Path WEB = Path.of("src", "main", "resources", "web");
  private static final Pattern REFERENCE =
      Pattern.compile("(?:src|href)=\"([^\"#]+)\"|from '([^']+)'");
  private static RunningProxy guarded;
  private static RunningProxy simulated;

  @BeforeAll
  static void start() {
    JsonObject admin = new JsonObject().put("port", 0).put("token", TOKEN);
    guarded = RunningProxy.start(RunningProxy.before("canary", UNUSED, UNUSED).put("admin", admin));
    simulated =
        RunningProxy.start(
            new JsonObject()
                .put(
                    "simulate",
                    new JsonObject()
                        .put("foundryPort", 0)
                        .put("legacyPort", 0)
                        .put("requestsPerSecond", 0)));
  }

  @AfterAll
  static void stop() {
    guarded.close();
    simulated.close();
  }

  static List<String> paths() throws IOException {
    try (Stream<Path> files = Files.walk(WEB)) {
      List<String> own =
          files
              .filter(Files::isRegularFile)
              .map(file -> "/" + WEB.relativize(file))
              .map(path -> path.equals("/index.html") ? "/" : path)
              .toList();
      return Stream.concat(own.stream(), Stream.of("/uplot.js", "/uplot.css")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void servesEveryFileWithoutATokenAndWithItsProtection(String path) throws Exception {
    HttpResponse<String> answer = guarded.admin("GET", path, null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotBlank();
    assertThat(header(answer, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe", "*", "data:", "http");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "X-Frame-Options")).isEqualTo("DENY");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(answer, "Content-Type")).isEqualTo(type(path));
  }

  private static String type(String path) {
    if (path.endsWith(".js")) {
      return "text/javascript; charset=utf-8";
    }
    if (path.endsWith(".css")) {
      return "text/css; charset=utf-8";
    }
    return path.endsWith(".svg") ? "image/svg+xml" : "text/html; charset=utf-8";
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void refersToNothingButItsOwnFiles(String path) throws Exception {
    String text = guarded.admin("GET", path, null).body();
    Matcher references = REFERENCE.matcher(text);
    while (!path.startsWith("/uplot") && references.find()) {
      String reference = references.group(1) == null ? references.group(2) : references.group(1);
      String target =
          Path.of(path.equals("/") ? "/x" : path).resolveSibling(reference).normalize() + "";
      assertThat(guarded.admin("GET", target, null).statusCode()).as(target).isEqualTo(200);
    }
  }

  @Test
  void hasNoScriptAndNoStyleInThePageAndNoMarkupFromText() throws Exception {
    String page = guarded.admin("GET", "/", null).body();
    assertThat(page).doesNotContain("style=", "<style", "onclick", "javascript:", "http");
    assertThat(page).containsOnlyOnce("<script").contains("<script type=\"module\" src=");
    for (String path : paths()) {
      if (path.startsWith("/js/")) {
        String script = guarded.admin("GET", path, null).body();
        assertThat(script)
            .as(path)
            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
            .doesNotContain("eval(", "new Function");
        assertThat(script.lines().count()).as(path).isLessThan(400);
      }
    }
  }

  @Test
  void answersWithNothingWhenTheBrowserHasTheFile() throws Exception {
    HttpResponse<String> first = guarded.admin("GET", "/dashboard.css", null);
    String tag = header(first, "ETag");
    HttpResponse<String> again =
        guarded.admin("GET", "/dashboard.css", null, "If-None-Match", "W/" + tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void compressesForThoseWhoTakeIt() throws Exception {
    HttpResponse<String> zipped =
        guarded.admin("GET", "/uplot.js", null, "Accept-Encoding", "br, gzip");
    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(zipped, "Vary")).isEqualTo("Accept-Encoding");
    HttpResponse<String> plain = guarded.admin("GET", "/uplot.js", null);
    assertThat(header(plain, "Content-Encoding")).isEmpty();
    assertThat(plain.body()).contains("uPlot");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/../pom.xml", "/js/../../conf/demo.json", "/js/%2e%2e/conf/demo.json", "/js"})
  void servesNoOtherFile(String path) throws Exception {
    try (RawClient client = new RawClient(simulated.adminPort())) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.readUntil("}")).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void refusesAForeignHost() throws Exception {
    try (RawClient client = new RawClient(simulated.adminPort())) {
      client.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
      assertThat(client.readUntil("}")).startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void tellsThePageWhetherToAskForATokenAndShowTheDemo() throws Exception {
    JsonObject asks = new JsonObject(guarded.admin("GET", "/dashboard.json", null).body());
    assertThat(asks.getBoolean("tokenRequired")).isTrue();
    assertThat(asks.getBoolean("simulated")).isFalse();
    assertThat(asks.encode()).doesNotContain(TOKEN);
    JsonObject demo = new JsonObject(simulated.admin("GET", "/dashboard.json", null).body());
    assertThat(demo.getBoolean("tokenRequired")).isFalse();
    assertThat(demo.getBoolean("simulated")).isTrue();
  }

  @Test
  void hasNoFaultsWithoutASimulation() throws Exception {
    String[] known = {"Authorization", "Bearer " + TOKEN, "Content-Type", "application/json"};
    assertThat(guarded.admin("GET", "/api/v1/simulate", null, known).statusCode()).isEqualTo(404);
    assertThat(
            guarded
                .admin("POST", "/api/v1/simulate/foundry", "{\"fault\":\"errors\"}", known)
                .statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"errors", "throttle", "slow", "cut", "junk", "hang", "none"})
  void breaksAndRepairsTheSimulatedFoundry(String fault) throws Exception {
    HttpResponse<String> answer = fault("{\"fault\":\"" + fault + "\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonObject now = new JsonObject(simulated.admin("GET", "/api/v1/simulate", null).body());
    assertThat(now.getString("fault")).isEqualTo(fault);
    assertThat(now.getJsonArray("faults")).contains("errors", "none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"fault\":\"fire\"} | fault: fire (expected: one of [errors, ",
        "{\"fault\":7} | fault: 7 (expected: one of [errors, ",
        "{} | fault: null (expected: one of [errors, ",
        "{\"fault\":\"errors\",\"share\":1} | body: unknown field (expected: [fault])"
      })
  void refusesAFaultThatThereIsNot(String body, String detail) throws Exception {
    HttpResponse<String> answer = fault(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("detail")).startsWith(detail);
  }

  private static HttpResponse<String> fault(String body) throws IOException {
    return simulated.admin(
        "POST", "/api/v1/simulate/foundry", body, "Content-Type", "application/json");
  }
}
