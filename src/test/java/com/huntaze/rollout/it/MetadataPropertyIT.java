package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Validates: Requirements 3.8, 5.1. On real sockets, with one proxy for all tries. */
class MetadataPropertyIT {
  private static final String PER_INPUT_TOKEN = "0.0000014";
  private static final String PER_OUTPUT_TOKEN = "0.0000028";
  private static final Map<String, String> FACTOR = Map.of("m", "1", "m-2026", "1", "big", "10");

  private static RawOrigin foundry;
  private static RunningProxy proxy;
  private static volatile String answer;

  /** Writers of an answer's JSON. */
  enum Format {
    /** The router's {@code /route}. */
    ROUTER("/route"),
    /** OpenAI's, whole. */
    OPENAI("/v1/chat/completions"),
    /** OpenAI's, as events, the usage in the last. */
    OPENAI_EVENTS("/v1/chat/completions"),
    /** The router's, asked for through an agent. */
    AGENT("/v1/agents/fan_message");

    private final String path;

    Format(String path) {
      this.path = path;
    }
  }

  /** Foundry's account of an answer. */
  record Told(
      Format format,
      String model,
      String deployment,
      String region,
      int input,
      int output,
      String text,
      boolean pretty) {

    private JsonObject usage() {
      return new JsonObject()
          .put("prompt_tokens", input)
          .put("completion_tokens", output)
          .put("total_tokens", input + output);
    }

    private JsonObject whole() {
      JsonObject json =
          new JsonObject().put("model", model).put("deployment", deployment).put("region", region);
      return json.put("output", text).put("usage", usage());
    }

    /** The answer as it stands on the wire. */
    String wire() {
      if (format != Format.OPENAI_EVENTS) {
        String body = pretty ? whole().encodePrettily() : whole().encode();
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + body.getBytes(StandardCharsets.UTF_8).length
            + "\r\n\r\n"
            + latin(body);
      }
      JsonObject content =
          new JsonObject()
              .put("model", model)
              .put(
                  "choices",
                  new JsonArray()
                      .add(
                          new JsonObject()
                              .put("delta", new JsonObject().put("content", "x" + text))));
      String body = latin(event(content.encode()) + event(whole().encode()) + event("[DONE]"));
      return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n"
          + Integer.toHexString(body.length())
          + "\r\n"
          + body
          + "\r\n0\r\n\r\n";
    }

    private static String event(String data) {
      return "data: " + data + "\n\n";
    }

    /** The bytes of UTF-8, a character each. */
    private static String latin(String text) {
      return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    BigDecimal costUsd() {
      return new BigDecimal(PER_INPUT_TOKEN)
          .multiply(BigDecimal.valueOf(input))
          .add(new BigDecimal(PER_OUTPUT_TOKEN).multiply(BigDecimal.valueOf(output)))
          .multiply(new BigDecimal(FACTOR.get(model)));
    }
  }

  @BeforeContainer
  static void start() throws IOException {
    Path prices = Files.createTempFile("prices", ".json");
    Files.writeString(
        prices,
        """
        {"models": {"m": {"input": "0.0014", "output": "0.0028", "aliases": ["m-2026"]},
                    "big": {"input": "0.014", "output": "0.028"}}}""");
    foundry = new RawOrigin(call -> call.send(answer));
    proxy =
        RunningProxy.start(
            RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1")
                .put("prices", prices.toString()));
  }

  @AfterContainer
  static void stop() throws IOException {
    proxy.close();
    foundry.close();
  }

  @Property(tries = 300)
  @Tag("azure-foundry-production-rollout-property-3")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 3: Response metadata completeness**")
  void everySuccessfulAnswerCarriesItsMetadata(@ForAll("answers") Told told) throws Exception {
    answer = told.wire();
    RawAnswer seen = ask(told.format);
    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.whole()).isTrue();
    assertThat(seen.header("x-ai-provider")).isEqualTo("foundry");
    assertThat(seen.header("x-ai-reason")).isEqualTo("mode");
    assertThat(seen.header("x-correlation-id")).isNotBlank();
    String body =
        new String(seen.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    JsonObject usage = usage(told.format, body);
    assertThat(usage.getString("model")).isEqualTo(told.model);
    assertThat(usage.getString("deployment")).isEqualTo(told.deployment);
    assertThat(usage.getString("region")).isEqualTo(told.region);
    assertThat(new BigDecimal(usage.getValue("cost_usd").toString()))
        .isEqualByComparingTo(told.costUsd());
    assertThat(usage.getInteger("prompt_tokens")).isEqualTo(told.input);
    assertThat(usage.getInteger("total_tokens")).isEqualTo(told.input + told.output);
    if (told.format != Format.OPENAI_EVENTS) {
      assertThat(seen.header("x-ai-model")).isEqualTo(told.model);
      assertThat(seen.header("x-ai-deployment")).isEqualTo(told.deployment);
      assertThat(seen.header("x-ai-region")).isEqualTo(told.region);
      assertThat(new BigDecimal(seen.header("x-ai-cost-usd"))).isEqualByComparingTo(told.costUsd());
    }
  }

  @Provide
  Arbitrary<Told> answers() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('0', '9')
            .withChars('-', '.', '_')
            .ofMinLength(1)
            .ofMaxLength(40);
    Arbitrary<Integer> tokens =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 100), Arbitraries.integers().between(0, 2_000_000));
    return Combinators.combine(
            Arbitraries.of(Format.class),
            Arbitraries.of(FACTOR.keySet()),
            names,
            names,
            tokens,
            tokens,
            Arbitraries.strings().ofMaxLength(200).filter(MetadataPropertyIT::isText),
            Arbitraries.of(true, false))
        .as(Told::new);
  }

  /** Returns whether UTF-8 has it. */
  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static RawAnswer ask(Format format) throws IOException {
    String body =
        format == Format.OPENAI_EVENTS
            ? "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[]}"
            : "{\"prompt\":\"hi\"}";
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          "POST %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\n".formatted(format.path)
              + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(body.length(), body));
      return RawAnswer.of(client.readToEnd());
    }
  }

  private static JsonObject usage(Format format, String body) {
    if (format == Format.OPENAI_EVENTS) {
      String[] events = body.split("\n\n");
      String last = events[events.length - 2].substring("data: ".length());
      return new JsonObject(last).getJsonObject("usage");
    }
    JsonObject whole = new JsonObject(body);
    return whole.getJsonObject("usage");
  }
}
