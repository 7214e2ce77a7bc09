package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bill of the packaged jar after a load of JSON and streams, with retries, failover and both
 * providers, against the providers' own notes of what they have sent: equal to the nano-dollar.
 */
@Tag("sized")
class BillRecountIT {
  private static final int REQUESTS = Boolean.getBoolean("rollout.heavy") ? 20_000 : 2_000;
  private static final int CLIENTS = 16;

  /** USD for 1,000 tokens, in and out, by model. */
  private static final Map<String, String[]> PRICES =
      Map.of(
          "a", new String[] {"0.0014", "0.0028"},
          "b", new String[] {"0.00099", "0.00099"},
          "c", new String[] {"0.0000001", "0.002"});

  private static final String[] MODELS = {"a", "b", "c"};

  @TempDir private Path folder;

  /** A provider that notes what it has sent, and fails now and then. */
  private static final class Billing {
    private final Map<String, AtomicLong> input = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> nano = new ConcurrentHashMap<>();
    private final AtomicInteger seeds = new AtomicInteger();
    private final int failing;

    /**
     * @param failing how many of a hundred answers are a 503
     */
    Billing(int failing) {
      this.failing = failing;
    }

    void answer(RawOrigin.Call call) throws IOException {
      if (call.head().startsWith("GET /health")) {
        call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        return;
      }
      SplittableRandom random = new SplittableRandom(seeds.incrementAndGet());
      if (random.nextInt(100) < failing) {
        call.send("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}");
        return;
      }
      String model = MODELS[random.nextInt(MODELS.length)];
      int in = random.nextInt(5_000);
      int out = random.nextInt(2_000);
      String usage = "\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}".formatted(in, out);
      if (call.body().contains("\"stream\":true")) {
        String events =
            "data: {\"model\":\"%s\",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"
                    .formatted(model)
                + "data: {\"model\":\"%s\",\"choices\":[],%s}\n\ndata: [DONE]\n\n"
                    .formatted(model, usage);
        call.send(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
                + events.length()
                + "\r\n\r\n"
                + events);
      } else {
        String json = "{\"model\":\"%s\",\"output\":\"x\",%s}".formatted(model, usage);
        call.send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + json.length()
                + "\r\n\r\n"
                + json);
      }
      input.computeIfAbsent(model, first -> new AtomicLong()).addAndGet(in);
      nano.computeIfAbsent(model, first -> new AtomicLong()).addAndGet(nanoUsd(model, in, out));
    }

    long tokens(String model) {
      return input.get(model).get();
    }

    /** Returns the cost of one answer, in whole nano-dollars: halves are rounded up. */
    private static long nanoUsd(String model, int in, int out) {
      BigDecimal price = new BigDecimal(PRICES.get(model)[0]).multiply(BigDecimal.valueOf(in));
      return price
          .add(new BigDecimal(PRICES.get(model)[1]).multiply(BigDecimal.valueOf(out)))
          .movePointRight(6)
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    }

    BigDecimal bill(String model) {
      return BigDecimal.valueOf(nano.get(model).get(), 9);
    }

    BigDecimal bill() {
      BigDecimal sum = BigDecimal.ZERO;
      for (String model : MODELS) {
        sum = sum.add(bill(model));
      }
      return sum;
    }
  }

  private Path prices() throws IOException {
    JsonObject models = new JsonObject();
    PRICES.forEach(
        (model, price) ->
            models.put(model, new JsonObject().put("input", price[0]).put("output", price[1])));
    Path file = folder.resolve("prices.json");
    Files.writeString(file, new JsonObject().put("models", models).encode());
    return file;
  }

  private static String ask(HttpClient client, String url, int number) throws Exception {
    String body =
        number % 2 == 0
            ? "{\"prompt\":\"x\"}"
            : "{\"stream\":true,\"messages\":[],\"model\":\"a\"}";
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(url + (number % 2 == 0 ? "/route" : "/v1/chat/completions")))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return "" + client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static void load(String url) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        int number = i;
        answers.add(threads.submit(() -> ask(client, url, number)));
      }
      Map<String, Integer> counted = new TreeMap<>();
      for (Future<String> answer : answers) {
        counted.merge(answer.get(), 1, Integer::sum);
      }
      assertThat(counted).containsOnlyKeys("200");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theBillIsWhatTheProvidersHaveSent() throws Exception {
    Billing foundryBill = new Billing(5);
    Billing legacyBill = new Billing(0);
    try (RawOrigin foundry = new RawOrigin(foundryBill::answer);
        RawOrigin legacy = new RawOrigin(legacyBill::answer)) {
      JsonObject settings =
          new JsonObject()
              .put("prices", prices().toString())
              .put(
                  "providers",
                  new JsonObject()
                      .put(
                          "foundry",
                          new JsonObject()
                              .put("retry", new JsonObject().put("max", 1).put("delay", "5ms"))));
      try (RolloutProcess proxy =
          RolloutProcess.start(foundry.url(), legacy.url(), folder.resolve("state"), settings)) {
        assertThat(proxy.set(50).statusCode()).isEqualTo(200);
        load(proxy.url());
        BigDecimal sent = foundryBill.bill().add(legacyBill.bill());
        JsonObject costs = awaitRequests(proxy);
        assertThat(new BigDecimal(costs.getJsonObject("total").getString("costUsd")))
            .isEqualByComparingTo(sent);
        assertThat(costs.getJsonObject("total").getLong("unknown")).isZero();
        assertByProvider(proxy, foundryBill, legacyBill);
        for (String model : MODELS) {
          JsonObject row = row(costs, "model", model);
          assertThat(new BigDecimal(row.getString("costUsd")))
              .isEqualByComparingTo(foundryBill.bill(model).add(legacyBill.bill(model)));
          assertThat(row.getLong("inputTokens"))
              .isEqualTo(foundryBill.tokens(model) + legacyBill.tokens(model));
        }
      }
    }
  }

  private static void assertByProvider(
      RolloutProcess proxy, Billing foundryBill, Billing legacyBill) {
    JsonObject costs = proxy.get("/api/v1/costs?by=provider");
    Map<Provider, Billing> bills =
        Map.of(Provider.FOUNDRY, foundryBill, Provider.LEGACY, legacyBill);
    bills.forEach(
        (provider, bill) ->
            assertThat(
                    new BigDecimal(row(costs, "provider", provider.label()).getString("costUsd")))
                .isEqualByComparingTo(bill.bill()));
  }

  /** The books are entered at the end of each exchange, which a client may see a moment before. */
  private static JsonObject awaitRequests(RolloutProcess proxy) {
    return Waits.until(
        () -> proxy.get("/api/v1/costs?by=model"),
        costs -> costs.getJsonObject("total").getLong("requests") >= REQUESTS,
        () -> Waits.pause(Duration.ofMillis(50)));
  }

  private static JsonObject row(JsonObject costs, String by, String name) {
    JsonArray rows = costs.getJsonArray("rows");
    for (int i = 0; i < rows.size(); i++) {
      if (name.equals(rows.getJsonObject(i).getString(by))) {
        return rows.getJsonObject(i);
      }
    }
    throw new AssertionError("no row of " + name + " in " + costs.encode());
  }
}
