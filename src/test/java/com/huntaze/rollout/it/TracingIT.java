package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.it.OtlpReceiver.Received;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar's spans, as a collector receives them. Secrets are planted wherever a client or
 * a provider can put some.
 */
@Tag("heavy")
class TracingIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String PARENT = "traceparent: 00-" + TRACE + "-" + CALLER + "-01\r\n";
  private static final String JSON =
      "{\"model\":\"m\",\"deployment\":\"d\",\"region\":\"r\",\"output\":\"PLANTED\","
          + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150}}";
  private static final String PIECE =
      "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"12345678\"}}],"
          + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2}}\n\n";

  @TempDir private Path folder;
  private final AtomicInteger retried = new AtomicInteger();

  private static void json(RawOrigin.Call call) throws IOException {
    call.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: s=PLANTED\r\n"
            + "Content-Length: %d\r\n\r\n%s".formatted(JSON.length(), JSON));
  }

  private static void stream(RawOrigin.Call call) throws IOException {
    call.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(PIECE.length())
            + "\r\n"
            + PIECE
            + "\r\n");
  }

  private void answer(RawOrigin.Call call) throws IOException {
    String body = call.body();
    if (body.contains("__down__") || body.contains("__once__") && retried.getAndIncrement() == 0) {
      call.send("HTTP/1.1 503 PLANTED\r\nX-Secret: PLANTED\r\nContent-Length: 7\r\n\r\nPLANTED");
    } else if (body.contains("__sse__")) {
      stream(call);
      String end = "data: [DONE]\n\n";
      call.send(Integer.toHexString(end.length()) + "\r\n" + end + "\r\n0\r\n\r\n");
    } else if (body.contains("__cut__")) {
      stream(call);
      call.reset();
    } else if (body.contains("__silent__")) {
      call.awaitClose();
    } else if (body.contains("__hang__")) {
      stream(call);
      call.awaitClose();
    } else {
      json(call);
    }
  }

  private JsonObject configuration(RawOrigin foundry, RawOrigin legacy, String collector)
      throws IOException {
    Path prices = folder.resolve("prices.json");
    Files.writeString(prices, "{\"models\":{\"m\":{\"input\":\"0.0014\",\"output\":\"0.0028\"}}}");
    JsonObject foundryOnly =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 1).put("delay", "10ms"))
            .put("headers", new JsonObject().put("X-API-Key", "router-PLANTED"))
            .put("probe", new JsonObject().put("interval", "1h"));
    JsonObject tracing =
        new JsonObject()
            .put("otlpEndpoint", collector)
            .put("headers", new JsonObject().put("X-Collector-Key", "collector-PLANTED"));
    return RunningProxy.before("foundry", foundry.url(), legacy.url())
        .mergeIn(
            new JsonObject()
                .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
                .put("admin", new JsonObject().put("port", 0))
                .put("prices", prices.toString())
                .put("drain", new JsonObject().put("delay", "0s").put("timeout", "100ms"))
                .put(
                    "timeouts",
                    new JsonObject().put("toFirstContent", "8s").put("fallbackReserve", "3s"))
                .put("providers", new JsonObject().put("foundry", foundryOnly))
                .put("tracing", tracing),
            true);
  }

  private static ProxyProcess start(JsonObject configuration, String... jvmOptions)
      throws Exception {
    Path file = ProxyProcess.configuration(configuration.encode());
    return ProxyProcess.start(List.of(jvmOptions), Map.of(), "run", "--config", file.toString());
  }

  private static void post(ProxyProcess proxy, String id, String path, String prompt, String trace)
      throws IOException {
    try (RawClient client = send(proxy, id, path, prompt, trace)) {
      if (prompt.equals("__hang__")) {
        client.readUntil("12345678");
      } else {
        client.readToEnd();
      }
    }
  }

  /** The metrics, as a scraper that takes exemplars asks for them. */
  private static String openMetrics(ProxyProcess proxy) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + "/metrics"))
            .header("Accept", "application/openmetrics-text;version=1.0.0")
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static RawClient send(
      ProxyProcess proxy, String id, String path, String prompt, String trace) throws IOException {
    String body =
        "{\"prompt\":\"PLANTED " + prompt + "\",\"model\":\"asked\",\"user\":\"PLANTED\"}";
    String head =
        "POST %s?key=PLANTED HTTP/1.1\r\nHost: proxy\r\nX-API-Key: sk-PLANTED\r\n"
            + "X-Correlation-ID: %s\r\nContent-Type: application/json\r\nCookie: PLANTED\r\n"
            + "Connection: close\r\n%sX-User-ID: PLANTED\r\nbaggage: user=PLANTED\r\n"
            + "Content-Length: %d\r\n\r\n%s";
    return new RawClient(proxy.port()).send(head.formatted(path, id, trace, body.length(), body));
  }

  private static String field(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .reduce((one, other) -> one + " | " + other)
        .orElse(null);
  }

  /** The next head that is no probe's. */
  private static String nextHead(RawOrigin origin) throws InterruptedException {
    String head = origin.nextHead();
    while (head != null && head.startsWith("GET /health")) {
      head = origin.nextHead();
    }
    return head;
  }

  private static void assertFamily(List<Received> spans, RawOrigin... asked) throws Exception {
    Received exchange = spans.get(0);
    assertThat(exchange.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    assertThat(spans).hasSize(1 + asked.length);
    for (int i = 0; i < asked.length; i++) {
      Received attempt = spans.get(i + 1);
      assertThat(attempt.kind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
      assertThat(attempt.trace()).isEqualTo(exchange.trace());
      assertThat(attempt.start()).isGreaterThanOrEqualTo(exchange.start());
      assertThat(attempt.end()).isBetween(attempt.start(), exchange.end());
      assertThat(field(nextHead(asked[i]), "traceparent"))
          .isEqualTo("00-" + exchange.trace() + "-" + attempt.id() + "-01");
      assertThat(attempt.attribute("http.request.resend_count"))
          .isEqualTo(i == 0 ? null : (Object) (long) i);
    }
  }

  @Test
  void tellsOfEveryExchangeAndEveryAttemptHoweverItEnded() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        RawOrigin foundry = new RawOrigin(this::answer);
        RawOrigin legacy = new RawOrigin(TracingIT::json)) {
      String output;
      try (ProxyProcess proxy = start(configuration(foundry, legacy, collector.url()))) {
        post(proxy, "json", "/route", "hello", PARENT);
        List<Received> json = collector.exchange("json");
        assertFamily(json, foundry);
        assertJson(json);
        assertThat(collector.requests())
            .allMatch("POST /v1/traces application/x-protobuf collector-PLANTED"::equals);

        assertThat(openMetrics(proxy)).contains("trace_id=\"" + json.get(0).trace());

        post(proxy, "sse", "/v1/chat/completions", "__sse__", "");
        List<Received> sse = collector.exchange("sse");
        assertFamily(sse, foundry);
        assertThat(sse.get(0).parent()).isEmpty();
        assertThat(sse.get(0).attributes())
            .containsEntry("rollout.stream", true)
            .containsEntry("rollout.ending", "complete")
            .containsEntry("gen_ai.usage.output_tokens", 2L)
            .containsKey("rollout.first_content_ms");

        post(proxy, "retry", "/route", "__once__", "");
        List<Received> retry = collector.exchange("retry");
        assertFamily(retry, foundry, foundry);
        assertFailed(retry.get(1), "503", "status_503");
        assertThat(retry.get(2).failed()).isFalse();
        assertThat(retry.get(0).failed()).isFalse();

        post(proxy, "failover", "/route", "__down__", "");
        List<Received> failover = collector.exchange("failover");
        assertFamily(failover, foundry, foundry, legacy);
        assertThat(failover.get(3).attributes())
            .containsEntry("rollout.provider", "legacy")
            .containsEntry("gen_ai.provider.name", "legacy");
        assertThat(failover.get(0).attributes())
            .containsEntry("rollout.provider", "legacy")
            .containsEntry("rollout.reason", "fallback")
            .containsEntry("rollout.fallback", true)
            .containsEntry("rollout.attempts", 3L);

        post(proxy, "left", "/v1/chat/completions", "__hang__", "");
        List<Received> left = collector.exchange("left");
        assertFamily(left, foundry);
        assertThat(left).noneMatch(Received::failed);
        assertThat(left.get(0).attribute("rollout.ending")).isEqualTo("client_gone");
        assertThat(left.get(1).attribute("rollout.outcome")).isEqualTo("client_gone");

        post(proxy, "cut", "/v1/chat/completions", "__cut__", "");
        List<Received> cut = collector.exchange("cut");
        assertFamily(cut, foundry);
        assertFailed(cut.get(0), "truncated", "truncated");
        assertFailed(cut.get(1), "truncated", "truncated");
        assertThat(cut.get(0).attribute("http.response.status_code")).isEqualTo(200L);

        post(proxy, "refused", "/v1/agents/unknown", "hello", "");
        Received refused = collector.exchange("refused").get(0);
        assertThat(refused.failed()).isFalse();
        assertThat(refused.attributes())
            .containsEntry("http.response.status_code", 404L)
            .containsEntry("rollout.ending", "refused")
            .doesNotContainKeys("rollout.provider", "gen_ai.operation.name");

        post(proxy, "late", "/route", "__silent__", "");
        List<Received> late = collector.exchange("late");
        assertFamily(late, foundry, legacy);
        assertFailed(late.get(1), "first_content_timeout", "first_content_timeout");

        try (RawClient open = send(proxy, "drained", "/v1/chat/completions", "__hang__", "")) {
          open.readUntil("12345678");
          proxy.process().toHandle().destroy();
          assertThat(proxy.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
        }
        List<Received> drained = collector.exchange("drained");
        assertFamily(drained, foundry);
        assertThat(drained.get(0).attribute("rollout.ending")).isEqualTo("upstream_failed");
        output = proxy.finalOutput();
      }
      assertThat(collector.spans().stream().map(Received::id)).doesNotHaveDuplicates();
      assertThat(collector.spans()).hasSize(21);
      assertThat(collector.spans().toString()).doesNotContain("PLANTED").doesNotContain("?");
      assertThat(collector.resource())
          .containsEntry("service.name", "rollout-proxy")
          .containsKeys("service.version", "service.instance.id");
      JsonObject line =
          output
              .lines()
              .filter(text -> text.contains("\"rollout.correlation_id\":\"sse\""))
              .map(JsonObject::new)
              .findFirst()
              .orElseThrow();
      Received sse = collector.exchange("sse").get(0);
      assertThat(line.getString("trace.id")).isEqualTo(sse.trace());
      assertThat(line.getString("span.id")).isEqualTo(sse.id());
      assertThat(output).doesNotContain("PLANTED");
    }
  }

  private static void assertJson(List<Received> spans) {
    Received exchange = spans.get(0);
    assertThat(exchange.name()).isEqualTo("POST /route");
    assertThat(exchange.trace()).isEqualTo(TRACE);
    assertThat(exchange.parent()).isEqualTo(CALLER);
    assertThat(exchange.attributes())
        .containsEntry("http.request.method", "POST")
        .containsEntry("http.route", "/route")
        .containsEntry("url.path", "/route")
        .containsEntry("url.scheme", "http")
        .containsEntry("http.response.status_code", 200L)
        .containsEntry("rollout.provider", "foundry")
        .containsEntry("rollout.reason", "mode")
        .containsEntry("rollout.fallback", false)
        .containsEntry("rollout.outcome", "complete")
        .containsEntry("rollout.cost_usd", 0.00028);
    Received attempt = spans.get(1);
    assertThat(attempt.name()).isEqualTo("chat asked");
    assertThat(attempt.attributes())
        .containsEntry("server.address", "127.0.0.1")
        .containsKey("server.port");
    for (Received span : spans) {
      assertThat(span.failed()).isFalse();
      assertThat(span.attributes())
          .containsEntry("gen_ai.operation.name", "chat")
          .containsEntry("gen_ai.provider.name", "azure.ai.inference")
          .containsEntry("gen_ai.request.model", "asked")
          .containsEntry("gen_ai.response.model", "m")
          .containsEntry("gen_ai.usage.input_tokens", 100L)
          .containsEntry("gen_ai.usage.output_tokens", 50L)
          .containsEntry("rollout.cost_kind", "exact")
          .doesNotContainKey("error.type");
    }
  }

  private static void assertFailed(Received span, String type, String outcome) {
    assertThat(span.failed()).as("%s", span).isTrue();
    assertThat(span.attributes())
        .containsEntry("error.type", type)
        .containsEntry("rollout.outcome", outcome);
  }

  @Test
  void takesUpATraceAsTheSpecificationSays() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        RawOrigin foundry = new RawOrigin(this::answer);
        RawOrigin legacy = new RawOrigin(TracingIT::json);
        RunningProxy proxy =
            RunningProxy.start(
                configuration(foundry, legacy, collector.url())
                    .put("accessLog", new JsonObject().put("enabled", false)))) {
      String sent = "00-" + TRACE + "-" + CALLER;
      proxy.post("/route", "{}", "traceparent", sent + "-00", "tracestate", "a=1, b=2");
      String head = nextHead(foundry);
      assertThat(field(head, "traceparent")).startsWith("00-" + TRACE + "-").endsWith("-00");
      assertThat(field(head, "traceparent")).doesNotContain(CALLER);
      assertThat(field(head, "tracestate")).isEqualTo("a=1,b=2");

      for (String malformed : List.of(sent, sent + "-01-", "ff" + sent.substring(2) + "-01")) {
        proxy.post("/route", "{}", "traceparent", malformed, "tracestate", "a=1", "baggage", "c=3");
        head = nextHead(foundry);
        assertThat(field(head, "traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(field(head, "traceparent")).doesNotContain(TRACE);
        assertThat(field(head, "tracestate")).isNull();
        assertThat(field(head, "baggage")).isEqualTo("c=3");
      }

      proxy.post("/route", "{}", "traceparent", sent + "-01", "traceparent", sent + "-01");
      assertThat(field(nextHead(foundry), "traceparent")).doesNotContain(TRACE);

      proxy.post("/route", "{}", "traceparent", sent + "-01", "tracestate", "a=1,a=2");
      head = nextHead(foundry);
      assertThat(field(head, "traceparent")).startsWith("00-" + TRACE + "-").endsWith("-01");
      assertThat(field(head, "tracestate")).isNull();

      proxy.post("/route", "{}", "X-Correlation-ID", "last");
      collector.exchange("last");
      // Nothing of the trace that its beginner does not record.
      assertThat(
              collector.spans().stream()
                  .filter(span -> span.trace().equals(TRACE))
                  .map(Received::parent))
          .hasSize(2)
          .contains(CALLER);
    }
  }

  @Test
  void withARatioOfZeroNothingIsRecordedAndTracesGoOn() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        RawOrigin foundry = new RawOrigin(this::answer);
        RawOrigin legacy = new RawOrigin(TracingIT::json)) {
      JsonObject configuration = configuration(foundry, legacy, collector.url());
      configuration.getJsonObject("tracing").put("sampleRatio", 0.0);
      try (RunningProxy proxy = RunningProxy.start(configuration)) {
        proxy.post("/route", "{}");
        assertThat(field(nextHead(foundry), "traceparent"))
            .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        proxy.post("/route", "{}", "traceparent", "00-" + TRACE + "-" + CALLER + "-01");
        assertThat(field(nextHead(foundry), "traceparent")).endsWith("-01");
      }
      assertThat(collector.spans()).hasSize(2).allMatch(span -> span.trace().equals(TRACE));
    }
  }

  @Test
  void whileItIsOffHeadersPassUntouchedAndNothingOfItIsLoaded(@TempDir Path folder)
      throws Exception {
    // On its standard output the JVM's lines would fall into those of the proxy.
    Path loaded = folder.resolve("loaded");
    try (RawOrigin foundry = new RawOrigin(this::answer);
        RawOrigin legacy = new RawOrigin(TracingIT::json);
        ProxyProcess proxy =
            start(configuration(foundry, legacy, null), "-Xlog:class+load:file=" + loaded)) {
      for (String sent : List.of("00-" + TRACE + "-" + CALLER + "-03", "no trace", "")) {
        post(
            proxy,
            "id",
            "/route",
            "hello",
            "traceparent: " + sent + "\r\ntracestate: A=1,,a=2\r\n");
        String head = nextHead(foundry);
        assertThat(field(head, "traceparent")).isEqualTo(sent);
        assertThat(field(head, "tracestate")).isEqualTo("A=1,,a=2");
        assertThat(field(head, "baggage")).isEqualTo("user=PLANTED");
      }
      post(proxy, "id", "/route", "hello", "");
      assertThat(field(nextHead(foundry), "traceparent")).isNull();
      Waits.until(() -> Files.readString(loaded).contains("com.huntaze.rollout.proxy.Exchange"));
      proxy.process().toHandle().destroy();
      proxy.finalOutput();
      assertThat(Files.readString(loaded)).doesNotContain("io.opentelemetry.");
    }
  }

  /** Fifty exchanges, then an end: the collector's state is nobody's but the exporter's. */
  private void assertServes(String collector, String expectedLine) throws Exception {
    try (RawOrigin foundry = new RawOrigin(this::answer);
        RawOrigin legacy = new RawOrigin(TracingIT::json)) {
      JsonObject configuration =
          configuration(foundry, legacy, collector)
              .put("accessLog", new JsonObject().put("enabled", false));
      try (ProxyProcess proxy = start(configuration)) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + "/route"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        Waits.Step ask =
            () ->
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        for (int i = 0; i < 50; i++) {
          ask.run();
        }
        Waits.until(proxy::output, output -> output.contains(expectedLine), ask);
        proxy.process().toHandle().destroy();
        assertThat(proxy.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(proxy.finalOutput())
            .containsOnlyOnce("Spans do not reach")
            .doesNotContain("io.opentelemetry", "PLANTED");
      }
    }
  }

  @Test
  void aCollectorThatIsAwayDelaysNothingAndIsToldOnce() throws Exception {
    String url;
    try (OtlpReceiver gone = new OtlpReceiver()) {
      url = gone.url();
    }
    assertServes(url, "Spans do not reach " + url);
  }

  @Test
  void aCollectorThatHangsDelaysNothingAndIsToldOnce() throws Exception {
    try (RawOrigin hanging = new RawOrigin(RawOrigin.Call::awaitClose)) {
      assertServes(hanging.url(), "Spans do not reach " + hanging.url());
    }
  }

  /** The JDK's client, which sends the spans, speaks through {@code java.util.logging}. */
  @Test
  void whatALibrarySaysIsALineOfTheProxysOwnLog() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        RawOrigin foundry = new RawOrigin(this::answer);
        RawOrigin legacy = new RawOrigin(TracingIT::json);
        ProxyProcess proxy =
            ProxyProcess.start(
                List.of("-Djdk.httpclient.HttpClient.log=requests"),
                Map.of("LOG_FORMAT", "json"),
                "run",
                "--config",
                ProxyProcess.configuration(configuration(foundry, legacy, collector.url()).encode())
                    .toString())) {
      post(proxy, "id", "/route", "hello", "");
      Waits.until(proxy::output, output -> output.contains("jdk.httpclient.HttpClient"));
      assertThat(proxy.output().lines()).allSatisfy(line -> new JsonObject(line));
      proxy.process().toHandle().destroy();
      assertThat(proxy.finalOutput().lines()).allSatisfy(line -> new JsonObject(line));
    }
  }
}
