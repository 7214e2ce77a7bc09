package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fields as Python's SDKs send them reach the provider as they were sent. Their names are those of
 * the SDKs' sources, their versions are examples; the SDKs themselves do not run here.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class PythonFieldsIT {
  private static final String BODY = "{\"model\": \"m\", \"messages\": []}";

  /** Fields that the proxy may say otherwise: the receiver, the coding, the connection. */
  private static final Set<String> REWRITTEN =
      Set.of("host", "accept-encoding", "connection", "content-length");

  /** Fields that the proxy adds. */
  private static final Set<String> ADDED =
      Set.of("x-correlation-id", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "via");

  @Parameter Wire wire;

  /** The requests of the SDKs, LangChain's for Python being those of the first two. */
  private enum Sdk {
    OPENAI(
        "/v1/chat/completions",
        """
        User-Agent: OpenAI/Python 2.8.1
        Authorization: Bearer a-key-of-the-test
        X-Stainless-Async: false
        """),
    ASYNC_OPENAI(
        "/v1/responses",
        """
        User-Agent: AsyncOpenAI/Python 2.8.1
        Authorization: Bearer a-key-of-the-test
        OpenAI-Organization: org-1
        X-Stainless-Async: async:asyncio
        X-Stainless-Raw-Response: true
        """),
    AZURE(
        "/openai/deployments/a/chat/completions?api-version=2024-10-21",
        """
        User-Agent: AzureOpenAI/Python 2.8.1
        api-key: a-key-of-the-test
        X-Stainless-Async: false
        """),
    ANTHROPIC(
        "/v1/messages?beta=true",
        """
        User-Agent: Anthropic/Python 0.75.0
        X-Api-Key: a-key-of-the-test
        anthropic-version: 2023-06-01
        anthropic-beta: files-api-2025-04-14
        X-Stainless-Async: false
        X-Stainless-Helper-Method: stream
        """);

    /** Fields that all of them send. */
    private static final String COMMON =
        """
        Accept: application/json
        Content-Type: application/json
        X-Stainless-Lang: python
        X-Stainless-Package-Version: 2.8.1
        X-Stainless-OS: Linux
        X-Stainless-Arch: x64
        X-Stainless-Runtime: CPython
        X-Stainless-Runtime-Version: 3.12.4
        x-stainless-read-timeout: 600
        """;

    private final String path;
    private final String fields;

    Sdk(String path, String fields) {
      this.path = path;
      this.fields = COMMON + fields;
    }

    String request(int repeated) {
      return "POST "
          + path
          + " HTTP/1.1\r\nHost: proxy\r\nAccept-Encoding: gzip, deflate\r\n"
          + sent(repeated).replace("\n", "\r\n")
          + "Content-Length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;
    }

    String sent(int repeated) {
      return fields + "x-stainless-retry-count: " + repeated + "\n";
    }
  }

  private static Map<String, String> fields(String lines) {
    return lines
        .lines()
        .filter(line -> line.contains(": "))
        .map(line -> line.split(": ", 2))
        .collect(
            Collectors.toMap(
                parts -> parts[0].toLowerCase(Locale.ROOT),
                parts -> parts[1],
                (one, other) -> one + ", " + other,
                TreeMap::new));
  }

  private RunningProxy proxy(RawOrigin foundry, RawOrigin legacy) {
    JsonObject often =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 2).put("delay", "10ms"))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    return RunningProxy.start(
        wire,
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .mergeIn(
                new JsonObject()
                    .put(
                        "providers",
                        new JsonObject().put("foundry", often).put("legacy", often.copy())),
                true));
  }

  private static RawOrigin answering(String status) {
    return new RawOrigin(
        call ->
            call.send(
                "HTTP/1.1 "
                    + status
                    + "\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n"
                    + "{\"choices\":[{}]}"));
  }

  @ParameterizedTest
  @EnumSource(Sdk.class)
  void theProviderSeesWhatWasSent(Sdk sdk) throws Exception {
    try (RawOrigin foundry = answering("200 OK");
        RawOrigin legacy = answering("200 OK");
        RunningProxy proxy = proxy(foundry, legacy);
        TextClient client = proxy.client()) {
      client.send(sdk.request(0)).readUntil("\r\n\r\n");
      String head = foundry.nextHead();
      int firstLine = head.indexOf('\n') + 1;
      assertThat(head.substring(0, firstLine)).isEqualTo("POST " + sdk.path + " HTTP/1.1\n");
      Map<String, String> seen = fields(head.substring(firstLine));
      seen.keySet().removeAll(REWRITTEN);
      seen.keySet().removeAll(ADDED);
      assertThat(seen).isEqualTo(fields(sdk.sent(0)));
      assertThat(foundry.nextBody()).isEqualTo(BODY);
    }
  }

  @ParameterizedTest
  @EnumSource(Sdk.class)
  void whatTheSdkRepeatsIsNotRepeatedByUs(Sdk sdk) throws Exception {
    try (RawOrigin foundry = answering("503 Busy");
        RawOrigin legacy = answering("503 Busy");
        RunningProxy proxy = proxy(foundry, legacy)) {
      assertThat(attempts(proxy, sdk.request(0))).isEqualTo("6");
      assertThat(attempts(proxy, sdk.request(1))).isEqualTo("2");
      assertThat(attempts(proxy, sdk.request(2))).isEqualTo("2");
    }
  }

  /** The attempts at both failing providers, as the answer tells them. */
  private static String attempts(RunningProxy proxy, String request) throws IOException {
    try (TextClient client = proxy.client()) {
      Map<String, String> told = fields(client.send(request).readUntil("\r\n\r\n"));
      assertThat(told).containsEntry("x-should-retry", "false");
      return told.get("x-ai-attempts");
    }
  }
}
