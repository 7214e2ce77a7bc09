package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged jar before a real FastAPI router: every path of the contract comes back as the
 * router gave it.
 */
@Tag("heavy")
class RouterContractIT {
  private static final String KEY = "router-key";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** They differ between any two answers, or belong to one connection, or are ours. */
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "date",
          "connection",
          "transfer-encoding",
          "x-correlation-id",
          "x-request-id",
          "x-should-retry",
          "request-id",
          "x-ai-attempts",
          "x-ai-deployment",
          "x-ai-model",
          "x-ai-provider",
          "x-ai-reason",
          "x-ai-region",
          "x-accel-buffering");

  private static PythonRouter router;
  private static PythonRouter streaming;
  private static ProxyProcess proxy;
  private static ProxyProcess streamingProxy;

  @BeforeAll
  static void start() throws Exception {
    PythonRouter.require();
    router = PythonRouter.start(Map.of("AI_ROUTER_API_KEY", KEY));
    streaming = PythonRouter.start(Map.of("AI_ROUTER_API_KEY", KEY, "ROUTER_STREAMS", "1"));
    proxy = before(router);
    streamingProxy = before(streaming);
  }

  private static ProxyProcess before(PythonRouter router) throws Exception {
    String config =
        ProxyProcess.configuration(
                """
                {"server": {"host": "127.0.0.1", "port": 0}, "admin": {"port": 0},
                 "enrichUsage": false, "usage": {"requestInStreams": false, "identity": false}}
                """)
            .toString();
    Map<String, String> environment =
        Map.of("AI_PROVIDER", "foundry", "AI_ROUTER_URL", "http://127.0.0.1:" + router.port());
    return ProxyProcess.start(List.of(), environment, "run", "--config", config);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable started : new AutoCloseable[] {proxy, streamingProxy, router, streaming}) {
      if (started != null) {
        started.close();
      }
    }
  }

  private static Stream<Arguments> contract() {
    String prompt = "{\"prompt\":\"Bonjour, ça va? \\u2603\",\"client_tier\":\"vip\"}";
    return Stream.of(
        Arguments.of("GET", "/health", "", 200),
        Arguments.of("POST", "/route", prompt, 200),
        Arguments.of("POST", "/route", prompt.replace("}", ",\"type_hint\":\"math\"}"), 200),
        Arguments.of("POST", "/route", prompt.replace("}", ",\"language_hint\":\"fr\"}"), 200),
        Arguments.of("POST", "/route?x=1&y=%20%2f", prompt, 200),
        Arguments.of("POST", "/route", "{\"prompt\":\"  \"}", 400),
        Arguments.of("POST", "/route", "{}", 422),
        Arguments.of("POST", "/route", "{\"prompt\":3,\"type_hint\":\"no\"}", 422),
        Arguments.of("POST", "/route", "not json", 422),
        Arguments.of("POST", "/route", "{\"prompt\":\"__fail__\"}", 500),
        Arguments.of("POST", "/route/stream", prompt, 404),
        Arguments.of("POST", "/multimodal/analyze", prompt, 200),
        Arguments.of("GET", "/audio/transcribe/job-unknown", "", 404),
        Arguments.of("GET", "/nothing/here", "", 404),
        Arguments.of("DELETE", "/route", "", 405),
        Arguments.of("GET", "/cookies", "", 200),
        Arguments.of("HEAD", "/head", "", 200),
        Arguments.of("GET", "/status/204", "", 204),
        Arguments.of("GET", "/status/304", "", 304),
        Arguments.of("GET", "/bytes/1", "", 200),
        Arguments.of("GET", "/bytes/1000000", "", 200));
  }

  @ParameterizedTest
  @MethodSource("contract")
  void bringsTheAnswerBackAsTheRouterGaveIt(String method, String path, String body, int status)
      throws Exception {
    HttpResponse<byte[]> direct = send(router.port(), method, path, body, KEY);
    HttpResponse<byte[]> proxied = send(proxy.port(), method, path, body, KEY);

    assertThat(direct.statusCode()).isEqualTo(status);
    assertThat(proxied.statusCode()).isEqualTo(status);
    assertThat(endToEnd(proxied)).isEqualTo(endToEnd(direct));
    assertThat(proxied.body()).isEqualTo(direct.body());
    assertThat(proxied.headers().firstValue("X-AI-Provider")).contains("foundry");
  }

  @Test
  void leavesTheRoutersRefusalOfAKeyAsItIs() throws Exception {
    HttpResponse<byte[]> answer = send(proxy.port(), "POST", "/route", "{}", "wrong");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("ApiKey");
  }

  @Test
  void carriesAJobFromItsCreationToItsResult() throws Exception {
    String body = "{\"audio_url\":\"https://example.org/a.wav\"}";
    HttpResponse<byte[]> created = send(proxy.port(), "POST", "/audio/transcribe", body, KEY);
    assertThat(created.statusCode()).isEqualTo(202);
    String id = new String(created.body()).replaceAll(".*\"(job-[0-9a-f]+)\".*", "$1");
    HttpResponse<byte[]> job = send(proxy.port(), "GET", "/audio/transcribe/" + id, "", KEY);
    assertThat(job.statusCode()).isEqualTo(200);
    assertThat(new String(job.body())).contains(id);
  }

  @Test
  void bringsChatCompletionsBackWhole() throws Exception {
    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    HttpResponse<byte[]> direct = send(router.port(), "POST", "/v1/chat/completions", body, KEY);
    HttpResponse<byte[]> proxied = send(proxy.port(), "POST", "/v1/chat/completions", body, KEY);
    assertThat(proxied.statusCode()).isEqualTo(200);
    assertThat(anonymous(proxied)).isEqualTo(anonymous(direct));
  }

  /** Without the id and the second that a chat completion was made in. */
  private static String anonymous(HttpResponse<byte[]> answer) {
    return new String(answer.body())
        .replaceAll("chatcmpl-[0-9a-f]+", "ID")
        .replaceAll("\"created\": ?\\d+", "CREATED");
  }

  @ParameterizedTest
  @MethodSource("streams")
  void bringsEventsOneByOne(String path, String body, String prompt) throws Exception {
    HttpResponse<Stream<String>> answer =
        CLIENT.send(
            request(streamingProxy.port(), "POST", path, body.formatted(prompt), KEY).build(),
            BodyHandlers.ofLines());
    List<String> events = new ArrayList<>();
    for (String line : (Iterable<String>) answer.body()::iterator) {
      if (line.startsWith("data:")) {
        events.add(line);
        pull(prompt);
      }
    }
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(events).hasSizeGreaterThanOrEqualTo(10);
    assertThat(events.get(events.size() - 1)).isEqualTo("data: [DONE]");
  }

  /** Lets the router send one event more. One that is held back is waited for in vain. */
  private static void pull(String prompt) throws Exception {
    String body = "{\"prompt\":\"%s\"}".formatted(prompt);
    assertThat(send(streaming.port(), "POST", "/__pull", body, KEY).statusCode()).isEqualTo(204);
  }

  private static Stream<Arguments> streams() {
    String chat =
        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
    return Stream.of(
        Arguments.of("/route/stream", "{\"prompt\":\"%s\"}", "__pull__ route"),
        Arguments.of("/v1/chat/completions", chat, "__pull__ chat"));
  }

  @Test
  void tellsTheRouterWhoAsked() throws Exception {
    String received = new String(send(proxy.port(), "GET", "/headers", "", KEY).body());
    assertThat(received.toLowerCase(Locale.ROOT))
        .contains("x-forwarded-for", "127.0.0.1", "x-correlation-id", "1.1 rollout-proxy")
        .contains("127.0.0.1:" + router.port());
  }

  private static HttpResponse<byte[]> send(
      int port, String method, String path, String body, String key) throws Exception {
    return CLIENT.send(request(port, method, path, body, key).build(), BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(
      int port, String method, String path, String body, String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .header("X-API-Key", key)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return body.isEmpty() ? request : request.header("Content-Type", "application/json");
  }

  private static Map<String, List<String>> endToEnd(HttpResponse<?> answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
    headers.keySet().removeIf(name -> NOT_COMPARED.contains(name.toLowerCase(Locale.ROOT)));
    return headers;
  }
}
