package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keys come and go over restarts; meanwhile several are alive. */
class KeyRotationIT {
  private static final String OLD = "old-key-0123456789";
  private static final String NEW = "new-key-0123456789";
  private static final String OTHER = "other-key-0123456789";

  private static JsonObject settings(RawOrigin origin, String... keys) {
    JsonArray all = new JsonArray();
    for (String key : keys) {
      all.add(new JsonObject().put("id", key.substring(0, 3)).put("sha256", sha256(key)));
    }
    return RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1")
        .put("auth", new JsonObject().put("required", true).put("keys", all));
  }

  private static String sha256(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static RawOrigin origin() {
    return new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
  }

  private static void letsIn(RunningProxy proxy, String key) throws Exception {
    assertThat(proxy.get("/x", "X-API-Key", key).statusCode()).as(key).isEqualTo(200);
  }

  private static void refuses(RunningProxy proxy, String key) throws Exception {
    assertThat(proxy.get("/x", "X-API-Key", key).statusCode()).as(key).isEqualTo(401);
  }

  @Test
  void aKeyIsReplacedWithoutAGap() throws Exception {
    try (RawOrigin origin = origin()) {
      try (RunningProxy before = RunningProxy.start(settings(origin, OLD, OTHER))) {
        letsIn(before, OLD);
        letsIn(before, OTHER);
        refuses(before, NEW);
      }
      try (RunningProxy between = RunningProxy.start(settings(origin, OLD, NEW, OTHER))) {
        for (String key : List.of(OLD, NEW, OTHER)) {
          letsIn(between, key);
        }
      }
      try (RunningProxy after = RunningProxy.start(settings(origin, NEW, OTHER))) {
        letsIn(after, NEW);
        letsIn(after, OTHER);
        refuses(after, OLD);
      }
    }
  }

  /** A connection remembers one key, not that it was let in. */
  @Test
  void eachRequestOfAConnectionIsLetInByItsOwnKey() throws Exception {
    try (RawOrigin origin = origin();
        RunningProxy proxy = RunningProxy.start(settings(origin, OLD, NEW));
        RawClient client = new RawClient(proxy.port())) {
      String wrong = OLD.substring(0, OLD.length() - 1) + "8";
      for (String key : List.of(OLD, wrong, NEW, OLD + " ", OLD.toUpperCase(), NEW + "x", OLD)) {
        boolean known = key.strip().equals(OLD) || key.equals(NEW);
        client.send("GET /x HTTP/1.1\r\nHost: p\r\nX-API-Key: " + key + "\r\n\r\n");
        assertThat(client.readUntil(known ? "ok" : "}}"))
            .as(key)
            .startsWith(known ? "HTTP/1.1 200 " : "HTTP/1.1 401 ");
      }
      client.send("GET /x HTTP/1.1\r\nHost: p\r\n\r\n");
      assertThat(client.readUntil("}}")).as("none").startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void twoKeysThatDifferAreNone() throws Exception {
    List<String> places = List.of("X-API-Key: %s", "api-key: %s", "Authorization: Bearer %s");
    try (RawOrigin origin = origin();
        RunningProxy proxy = RunningProxy.start(settings(origin, OLD, NEW))) {
      for (String one : places) {
        for (String other : places) {
          boolean same = one.equals(other);
          // Two in one place are refused even when they are the same.
          asks(proxy, one.formatted(OLD), other.formatted(OLD), same ? 401 : 200);
          asks(proxy, one.formatted(OLD), other.formatted(NEW), 401);
          asks(proxy, one.formatted(OLD), other.formatted("unknown"), 401);
          asks(proxy, one.formatted("unknown"), other.formatted(NEW), 401);
        }
      }
      // An empty key is one, too, and differs from any other.
      asks(proxy, "X-API-Key: " + OLD, "api-key: ", 401);
    }
  }

  private static void asks(RunningProxy proxy, String one, String other, int status)
      throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send("GET /x HTTP/1.1\r\nHost: p\r\nConnection: close\r\n" + one + "\r\n" + other);
      String answer = client.send("\r\n\r\n").readToEnd();
      assertThat(answer).as(one + ", " + other).startsWith("HTTP/1.1 " + status);
    }
  }

  /** Missing, wrong, ambiguous: whoever guesses learns nothing from the answer. */
  @Test
  void allRefusalsLookTheSame() throws Exception {
    try (RawOrigin origin = origin();
        RunningProxy proxy = RunningProxy.start(settings(origin, OLD, NEW))) {
      List<String> answers =
          Stream.of(
                  "",
                  "X-API-Key: wrong\r\n",
                  "api-key: " + OLD.substring(1) + "\r\n",
                  "X-API-Key: " + OLD + "\r\napi-key: " + NEW + "\r\n",
                  "Authorization: Basic " + OLD + "\r\n")
              .map(fields -> refused(proxy, fields))
              .distinct()
              .toList();
      assertThat(answers).hasSize(1);
      assertThat(answers.get(0)).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: ApiKey");
    }
  }

  private static String refused(RunningProxy proxy, String fields) {
    try (RawClient client = new RawClient(proxy.port())) {
      return client
          .send(
              "GET /x HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: one\r\nConnection: close\r\n"
                  + fields
                  + "\r\n")
          .readToEnd();
    } catch (java.io.IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
