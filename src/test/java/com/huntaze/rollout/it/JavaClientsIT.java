package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.SimulatedProviders.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.simulate.Fault;
import com.huntaze.rollout.simulate.SimulatedBackend;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** OpenAI's SDK for Java, held against the provider's own answers as {@link ClientsIT} does it. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class JavaClientsIT {
  private static SimulatedProviders providers;
  private static SimulatedBackend foundry;
  private static SimulatedBackend legacy;

  @Parameter Wire wire;
  private RunningProxy proxy;

  @BeforeAll
  static void startProviders() {
    providers = new SimulatedProviders();
    foundry = providers.foundry();
    legacy = providers.legacy();
  }

  @AfterAll
  static void stopProviders() {
    providers.close();
  }

  @BeforeEach
  void startProxy() {
    JsonObject once = new JsonObject().put("retry", new JsonObject().put("max", 0));
    proxy = providers.proxy(wire, once);
  }

  @AfterEach
  void stopProxy() {
    providers.repair();
    proxy.close();
  }

  private String proxied() {
    return SimulatedProviders.through(wire, proxy);
  }

  private static <T> T with(String url, Function<OpenAIClient, T> use) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .apiKey("a-key-of-the-test")
            .baseUrl(url + "/v1")
            .sslSocketFactory(TrustAll.context().getSocketFactory())
            .trustManager(new TrustAll())
            .hostnameVerifier((host, session) -> true)
            .build();
    try {
      return use.apply(client);
    } finally {
      client.close();
    }
  }

  private static ChatCompletionCreateParams chat(boolean tools) {
    ChatCompletionCreateParams.Builder chat =
        ChatCompletionCreateParams.builder().model("Phi-4-mini").addUserMessage("Who are you?");
    if (tools) {
      Map<String, Object> function =
          Map.of("name", "weather", "parameters", Map.of("type", "object"));
      chat.putAdditionalBodyProperty(
          "tools", JsonValue.from(List.of(Map.of("type", "function", "function", function))));
      chat.putAdditionalBodyProperty("tool_choice", JsonValue.from("required"));
    }
    return chat.build();
  }

  private static Object plain(String url, boolean tools) {
    return with(url, client -> json(client.chat().completions().create(chat(tools))));
  }

  private static JsonArray stream(String url, boolean tools, Consumer<JsonObject> seen) {
    return with(
        url,
        client -> {
          JsonArray chunks = new JsonArray();
          try (StreamResponse<ChatCompletionChunk> stream =
              client.chat().completions().createStreaming(chat(tools))) {
            stream.stream()
                .forEach(
                    chunk -> {
                      chunks.add(json(chunk));
                      seen.accept(json(chunk));
                    });
          }
          return chunks;
        });
  }

  private static JsonObject json(Object value) {
    try {
      return new JsonObject(ObjectMappers.jsonMapper().writeValueAsString(value));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void same(Callable<Object> seen, Callable<Object> expected) throws Exception {
    assertThat(SameAnswer.of(seen.call())).isEqualTo(SameAnswer.of(expected.call()));
  }

  private static Object response(String url) {
    ResponseCreateParams asked =
        ResponseCreateParams.builder().model("Phi-4-mini").input("Who are you?").build();
    return with(url, client -> json(client.responses().create(asked)));
  }

  private static Object embedding(String url) {
    EmbeddingCreateParams asked =
        EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Who?").build();
    return with(url, client -> json(client.embeddings().create(asked)));
  }

  @Test
  void theAnswersAreThoseOfTheProvider() throws Exception {
    for (boolean tools : new boolean[] {false, true}) {
      same(() -> plain(proxied(), tools), () -> plain(direct(foundry), tools));
      same(
          () -> stream(proxied(), tools, chunk -> {}),
          () -> stream(direct(foundry), tools, chunk -> {}));
    }
    same(() -> response(proxied()), () -> response(direct(foundry)));
    same(() -> embedding(proxied()), () -> embedding(direct(foundry)));
  }

  @Test
  void aFailureOfFoundryIsUnknownToItsClients() throws Exception {
    foundry.fault(Fault.errorRate(1));
    same(() -> plain(proxied(), false), () -> plain(direct(legacy), false));
    same(
        () -> stream(proxied(), false, chunk -> {}),
        () -> stream(direct(legacy), false, chunk -> {}));
  }

  @Test
  void aStreamThatBreaksOffIsAnErrorAfterWhatItBrought() {
    foundry.fault(Fault.cutStreams());
    JsonArray expected = new JsonArray();
    JsonArray seen = new JsonArray();
    assertThatThrownBy(() -> stream(direct(foundry), false, expected::add))
        .isInstanceOf(OpenAIException.class);
    assertThatThrownBy(() -> stream(proxied(), false, seen::add))
        .isInstanceOf(OpenAIException.class);
    assertThat(seen).isNotEmpty();
    assertThat(SameAnswer.of(seen)).isEqualTo(SameAnswer.of(expected));
  }

  @Test
  void aRefusalForTheRateIsRepeatedNoMoreThanWithoutTheProxy() {
    foundry.fault(Fault.throttle(1, 1));
    legacy.fault(Fault.throttle(1, 1));
    for (String url : List.of(direct(foundry), proxied())) {
      long before = foundry.ledger().snapshot().received();
      assertThatThrownBy(() -> plain(url, false))
          .isInstanceOfSatisfying(
              OpenAIServiceException.class,
              failure -> assertThat(failure.statusCode()).isEqualTo(429));
      assertThat(foundry.ledger().snapshot().received() - before).isBetween(1L, 3L);
    }
  }
}
