package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Thousands of requests (ten, among the heavy suites) with fields that only the proxy may set, in
 * any case, with underscores, repeated, and listed in {@code Connection}: a provider sees none of a
 * client's choosing, and always the proxy's own.
 */
@Tag("sized")
class HeaderIntegrityIT {
  private static final int REQUESTS = Boolean.getBoolean("rollout.heavy") ? 10_000 : 1_000;
  private static final long SEED = 20_261_124;
  private static final String EVIL = "chosen-by-the-client";
  private static final String KEY = "the-provider-s-own-key";

  private static final List<String> PROTECTED =
      List.of(
          "X-AI-Provider",
          "X-AI-Reason",
          "X-AI-Fallback",
          "X-AI-Model",
          "X-AI-",
          "X-AI-Request-Type",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Forwarded-Port",
          "X-Forwarded-Client-Cert",
          "Forwarded",
          "X-Real-IP",
          "X-Client-Tier",
          "X-API-Key",
          "api-key",
          "Authorization",
          "Proxy-Authorization",
          "Keep-Alive",
          "azureml-model-deployment",
          "Trailer",
          "TE",
          "Upgrade");

  private static final List<String> LISTABLE =
      List.of("X-API-Key", "X-Forwarded-For", "Via", "Host", "X-Correlation-ID", "Content-Length");

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private RawClient client;

  @Test
  void noProtectedFieldOfAClientReachesAProvider() throws Exception {
    int refused = 0;
    int passed = 0;
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  seen.add(call.head());
                  call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
                });
        RunningProxy proxy = RunningProxy.start(settings(origin))) {
      for (int i = 0; i < REQUESTS; i++) {
        String request = request(i);
        if (answered(proxy, request)) {
          passed++;
          assertOurs(seen.take(), i, request);
        } else {
          refused++;
        }
        assertThat(seen).as(request).isEmpty();
      }
    } finally {
      if (client != null) {
        client.close();
      }
    }
    System.out.printf("%d passed, %d refused%n", passed, refused);
    assertThat(passed).isGreaterThan(REQUESTS / 4);
    assertThat(refused).isGreaterThan(REQUESTS / 10);
  }

  private static JsonObject settings(RawOrigin origin) {
    JsonObject settings = RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1");
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("headers", new JsonObject().put("X-API-Key", KEY));
    return settings;
  }

  private String request(int number) {
    List<String> fields = new ArrayList<>();
    fields.add("Host: proxy.example");
    fields.add("X-Number: " + number);
    // Half of them are written as they should be, so that not all are refused for a twin.
    boolean twins = random.nextBoolean();
    for (int i = random.nextInt(6); i >= 0; i--) {
      String name = PROTECTED.get(random.nextInt(PROTECTED.size()));
      // Two credentials that differ are refused: most have the same.
      fields.add(written(name, twins) + ":" + blank() + value(name));
    }
    if (random.nextBoolean()) {
      List<String> listed = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        listed.add(written(LISTABLE.get(random.nextInt(LISTABLE.size())), false));
      }
      listed.add("keep-alive");
      fields.add("Connection: " + String.join(blank() + ",", listed));
    }
    for (int i = fields.size() - 1; i > 1; i--) {
      fields.set(i, fields.set(random.nextInt(1, i + 1), fields.get(i)));
    }
    return "GET /x HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
  }

  private String value(String name) {
    return name.equals("Authorization") ? "Bearer " + EVIL : EVIL;
  }

  private String blank() {
    return List.of("", " ", "  ", "\t").get(random.nextInt(4));
  }

  private String written(String name, boolean twins) {
    StringBuilder text = new StringBuilder();
    for (char c : name.toCharArray()) {
      if (c == '-' && twins && random.nextBoolean()) {
        text.append('_');
      } else {
        String one = String.valueOf(c);
        text.append(
            random.nextBoolean() ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
      }
    }
    return text.toString();
  }

  /** Returns whether a request went to the provider; a refusal has closed the connection. */
  private boolean answered(RunningProxy proxy, String request) throws IOException {
    if (client == null) {
      client = new RawClient(proxy.port());
    }
    String head = client.send(request).readUntil("\r\n\r\n");
    if (head.startsWith("HTTP/1.1 200 ")) {
      client.readUntil("ok");
      return true;
    }
    assertThat(head).as(request).matches("(?s)HTTP/1\\.1 40[01] .*");
    if (head.startsWith("HTTP/1.1 400 ")) {
      client.readToEnd();
    }
    client.close();
    client = null;
    return false;
  }

  private static void assertOurs(String head, int number, String request) {
    String lower = head.toLowerCase(Locale.ROOT).replace("\r", "") + "\n";
    assertThat(lower)
        .as(request)
        .doesNotContain(EVIL)
        .contains("\nx-number: " + number + "\n")
        .contains("\nvia: 1.1 rollout-proxy\n")
        .contains("\nx-forwarded-for: 127.0.0.1\n")
        .contains("\nx-forwarded-proto: http\n")
        .contains("\nx-forwarded-host: proxy.example\n");
    assertThat(lower.split("\nx-api-key: " + KEY, -1)).as(head).hasSize(2);
    assertThat(lower.split("\nhost: 127.0.0.1:", -1)).as(head).hasSize(2);
  }
}
