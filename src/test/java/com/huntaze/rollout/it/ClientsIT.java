package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.SimulatedProviders.direct;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.Fault;
import com.huntaze.rollout.simulate.LedgerSnapshot;
import com.huntaze.rollout.simulate.SimulatedBackend;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that others wrote see no difference between the proxy and the provider behind it, but for
 * what {@link SameAnswer} lists: each asks a simulated provider directly and through the proxy, and
 * both results are compared deeply.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class ClientsIT {
  private static final Map<String, JsonObject> ALONE = new HashMap<>();
  private static final int RETRIES = 1;
  private static final double REAL_PACE = 20;
  private static final int SHORT_MILLIS = 500;
  private static final int LONG_MILLIS = 5_000;
  private static final String CHAT = "plain stream usage tools toolStream embeddings";
  private static final String RESPONSES =
      "responses responseStream responseTools responseToolStream";
  private static final String FOUR = "plain stream tools toolStream";

  private static final Map<String, ForeignClient> CLIENTS = new TreeMap<>();
  private static SimulatedProviders providers;
  private static SimulatedBackend foundry;
  private static SimulatedBackend legacy;

  static List<String> libraries() {
    return List.of(
        "openai",
        "azure-openai",
        "anthropic",
        "ai-openai",
        "ai-azure",
        "ai-anthropic",
        "langchain",
        "undici");
  }

  @Parameter Wire wire;
  private RunningProxy proxy;

  @BeforeAll
  static void startProviders() throws IOException {
    OpenAiSdk.install();
    providers = new SimulatedProviders();
    foundry = providers.foundry();
    legacy = providers.legacy();
  }

  @AfterAll
  static void stopProviders() throws IOException {
    for (ForeignClient client : CLIENTS.values()) {
      client.close();
    }
    CLIENTS.clear();
    if (providers != null) {
      providers.close();
    }
  }

  @BeforeEach
  void startProxy() {
    JsonObject patient =
        new JsonObject()
            // Longer than a busy machine takes for the next event of a stream that is well.
            .put("idle", "1s")
            .put("retry", new JsonObject().put("max", RETRIES).put("delay", "10ms"))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    proxy = providers.proxy(wire, patient);
  }

  @AfterEach
  void stopProxy() {
    providers.repair();
    proxy.close();
  }

  private String proxied() {
    return SimulatedProviders.through(wire, proxy);
  }

  private static JsonObject ask(String library, JsonObject order) throws IOException {
    ForeignClient client = CLIENTS.get(library);
    if (client == null) {
      client = new NodeClient(library);
      CLIENTS.put(library, client);
    }
    return client.run(order);
  }

  private static JsonObject ask(String library, String task, String url) throws IOException {
    return ask(library, ForeignClient.order(task, url));
  }

  private static void isAnswered(JsonObject result) {
    assertThat(result.getJsonObject("error")).as(result.encode()).isNull();
    assertThat(result.getValue("value") != null || !result.getJsonArray("items").isEmpty())
        .as(result.encode())
        .isTrue();
    assertThat(result.getInteger("calls")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, " + CHAT + " " + RESPONSES,
    "azure-openai, " + CHAT,
    "anthropic, " + FOUR,
    "ai-openai, " + FOUR + " " + RESPONSES,
    "ai-azure, " + FOUR,
    "ai-anthropic, " + FOUR,
    "langchain, " + FOUR + " embeddings",
    "undici, " + FOUR
  })
  void theAnswersAreThoseOfTheProvider(String library, String tasks) throws Exception {
    for (String task : tasks.split(" ")) {
      JsonObject expected = ask(library, task, direct(foundry));
      isAnswered(expected);
      JsonObject seen = ask(library, task, proxied());
      assertThat(SameAnswer.of(seen)).as(task).isEqualTo(SameAnswer.of(expected));
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aClientThatLeavesItsStreamEndsTheProviders(String library) throws Exception {
    LedgerSnapshot before = foundry.ledger().snapshot();
    // At twenty times the pace a stream may be over before a client on a busy machine has left it.
    foundry.fault(Fault.slow(REAL_PACE));
    JsonObject order = ForeignClient.order("stream", proxied()).put("abortAfter", 3);
    assertThat(ask(library, order).getJsonArray("items")).hasSize(3);
    RunningProxy.await(foundry.ledger().when(now -> now.aborted() == before.aborted() + 1));
    assertThat(foundry.ledger().snapshot().received()).isEqualTo(before.received() + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai",
        "azure-openai",
        "anthropic",
        "ai-openai",
        "ai-azure",
        "langchain",
        "undici"
      })
  void aStreamThatBreaksOffIsAnErrorAfterWhatItBrought(String library) throws Exception {
    foundry.fault(Fault.cutStreams());
    breaksOff(library, "code", "FOUNDRY_UNAVAILABLE");
    foundry.fault(Fault.stallStreams());
    breaksOff(library, "code", "TIMEOUT");
  }

  /** The AI SDK's provider for Anthropic passes on what Anthropic knows, and our code is not. */
  @Test
  void aStreamThatBreaksOffHasATypeWhereTheLibraryKnowsNoCode() throws Exception {
    foundry.fault(Fault.cutStreams());
    breaksOff("ai-anthropic", "type", "api_error");
    foundry.fault(Fault.stallStreams());
    breaksOff("ai-anthropic", "type", "timeout_error");
  }

  /**
   * @param member which member of the error tells that it is ours, and with what value
   */
  private void breaksOff(String library, String member, String value) throws IOException {
    JsonObject seen = ask(library, "stream", proxied());
    assertThat(seen.getInteger("calls")).isEqualTo(1);
    Object items = SameAnswer.of(seen.getJsonArray("items"));
    Object expected = brokenOff(library, SHORT_MILLIS);
    if (!items.equals(expected)) {
      // On a busy machine a client that looks at the time gives up too early.
      expected = brokenOff(library, LONG_MILLIS);
    }
    assertThat(items).isEqualTo(expected);
    assertThat(seen.getJsonArray("items")).isNotEmpty();
    assertThat(seen.getJsonObject("error")).as(seen.encode()).isNotNull();
    assertThat(seen.getJsonObject("error").getString(member)).isEqualTo(value);
  }

  /**
   * The items of the provider's own stream until it breaks off. Of one that falls silent nobody
   * tells a client: it has to look at the time itself.
   */
  private static Object brokenOff(String library, int millis) throws IOException {
    JsonObject patient = ForeignClient.order("stream", direct(foundry)).put("timeout", millis);
    return SameAnswer.of(ask(library, patient).getJsonArray("items"));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void anErrorWithinAStreamIsTheProvidersOwn(String library) throws Exception {
    foundry.fault(Fault.failStreams());
    JsonObject expected = ask(library, "stream", direct(foundry));
    assertThat(expected.getJsonObject("error")).isNotNull();
    assertThat(expected.getJsonArray("items")).isNotEmpty();
    assertThat(SameAnswer.of(ask(library, "stream", proxied()))).isEqualTo(SameAnswer.of(expected));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aFailureOfFoundryIsUnknownToItsClients(String library) throws Exception {
    foundry.fault(Fault.errorRate(1));
    for (String task : FOUR.split(" ")) {
      JsonObject expected = ask(library, task, direct(legacy));
      isAnswered(expected);
      assertThat(SameAnswer.of(ask(library, task, proxied())))
          .as(task)
          .isEqualTo(SameAnswer.of(expected));
    }
  }

  /**
   * Both providers refuse, and ask to wait a second. The proxy has waited it in vain, so that the
   * libraries which heed {@code x-should-retry} do not; the AI SDK does not know it.
   *
   * @param alone how often the library asks without the proxy
   * @param through how often it asks the proxy
   */
  @ParameterizedTest
  @CsvSource({
    "openai, 3, 1",
    "azure-openai, 3, 1",
    "anthropic, 3, 1",
    "ai-openai, 3, 3",
    "ai-azure, 3, 3",
    "ai-anthropic, 3, 3",
    "undici, 1, 1"
  })
  void aRefusalForTheRateIsRepeatedByOneOfTheTwo(String library, int alone, int through)
      throws IOException {
    fails(library, alone, through, Fault.throttle(1, 1), 429);
  }

  /** Without its providers for Azure and Anthropic: the AI SDK waits six seconds each time. */
  @ParameterizedTest
  @CsvSource({
    "openai, 3, 1",
    "azure-openai, 3, 1",
    "anthropic, 3, 1",
    "ai-openai, 3, 3",
    "undici, 1, 1"
  })
  void aFailureIsRepeatedByOneOfTheTwo(String library, int alone, int through) throws IOException {
    fails(library, alone, through, Fault.errorRate(1), 500);
  }

  private void fails(String library, int alone, int through, Fault fault, int status)
      throws IOException {
    foundry.fault(fault);
    legacy.fault(fault);
    // Whatever the proxy's clients speak, without it they do the same: it takes ten seconds.
    String key = library + " " + status;
    JsonObject expected =
        ALONE.containsKey(key) ? ALONE.get(key) : ask(library, "plain", direct(foundry));
    ALONE.put(key, expected);
    assertThat(expected.getInteger("calls")).isEqualTo(alone);
    long foundrys = foundry.ledger().snapshot().received();
    long legacys = legacy.ledger().snapshot().received();
    JsonObject seen = ask(library, "plain", proxied());
    assertThat(seen.getInteger("calls")).isEqualTo(through);
    assertThat(foundry.ledger().snapshot().received() - foundrys)
        .isEqualTo((long) through * (1 + RETRIES));
    assertThat(legacy.ledger().snapshot().received() - legacys)
        .isEqualTo((long) through * (1 + RETRIES));
    for (String member : List.of("status", "code", "type")) {
      assertThat(seen.getJsonObject("error").getValue(member))
          .as(member)
          .isEqualTo(expected.getJsonObject("error").getValue(member));
    }
    assertThat(seen.getJsonObject("error").getInteger("status")).isEqualTo(status);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aClientThatIsToldNotToRepeatAsksOnce(String library) throws Exception {
    foundry.fault(Fault.errorRate(1));
    legacy.fault(Fault.errorRate(1));
    for (String url : List.of(direct(foundry), proxied())) {
      JsonObject seen = ask(library, ForeignClient.order("plain", url).put("retries", 0));
      assertThat(seen.getJsonObject("error").getInteger("status")).isEqualTo(500);
      assertThat(seen.getInteger("calls")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void chatsAreJudged(String library) throws Exception {
    ask(library, "plain", proxied());
    ask(library, "stream", proxied());
    Waits.untilAsserted(
        () -> {
          JsonObject metrics = new JsonObject(proxy.admin("GET", "/api/v1/metrics", null).body());
          assertThat(metrics.getJsonObject("foundryTotals").getJsonObject("all").getLong("settled"))
              .as(metrics.encode())
              .isEqualTo(2);
        });
  }
}
