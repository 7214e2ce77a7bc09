package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo's requests as a pure sequence: request {@code n} depends on the seed and {@code n} only.
 * Four in ten are {@code /route}, two each {@code /route/stream}, chat completions whole and as
 * streams. Four in five come from one of 500 users, the others have no key; one in five is a VIP's.
 */
final class RequestMix {
  private static final int USERS = 500;
  private static final int MIN_PROMPT_BYTES = 512;
  private static final int MAX_PROMPT_BYTES = 4_096;
  private static final List<String> HINTS = List.of("chat", "chat", "math", "creative", "coding");
  private static final List<String> WORDS =
      List.of(
          "please",
          "write",
          "a",
          "friendly",
          "message",
          "to",
          "my",
          "fans",
          "about",
          "new",
          "set",
          "that",
          "comes",
          "out",
          "on",
          "friday",
          "and",
          "mention",
          "offer",
          "for",
          "loyal",
          "ones");

  private final long seed;

  RequestMix(long seed) {
    this.seed = seed;
  }

  DemoRequest at(long number) {
    Chance chance = Chance.of(seed, number);
    String tier = chance.uniform() < 0.2 ? "vip" : "standard";
    Map<String, String> headers = new HashMap<>();
    headers.put("X-Client-Tier", tier);
    if (chance.uniform() < 0.8) {
      headers.put("X-User-ID", "user-" + chance.between(1, USERS));
    }
    double kind = chance.uniform();
    if (kind < 0.4) {
      return route("/route", headers, tier, false, chance);
    }
    if (kind < 0.6) {
      return route("/route/stream", headers, tier, true, chance);
    }
    return chat(headers, tier, kind < 0.8, chance);
  }

  private static DemoRequest route(
      String path, Map<String, String> headers, String tier, boolean stream, Chance chance) {
    JsonObject body =
        new JsonObject()
            .put("prompt", prompt(chance))
            .put("client_tier", tier)
            .put("type_hint", chance.oneOf(HINTS));
    return request(path, headers, body, stream);
  }

  private static DemoRequest chat(
      Map<String, String> headers, String tier, boolean stream, Chance chance) {
    JsonObject message = new JsonObject().put("role", "user").put("content", prompt(chance));
    JsonObject body =
        new JsonObject()
            .put("model", "vip".equals(tier) ? Model.LLAMA.label() : Model.PHI_MINI.label())
            .put("messages", new JsonArray().add(message));
    if (stream) {
      body.put("stream", true);
      body.put("stream_options", new JsonObject().put("include_usage", true));
    }
    return request("/v1/chat/completions", headers, body, stream);
  }

  private static DemoRequest request(
      String path, Map<String, String> headers, JsonObject body, boolean stream) {
    headers.put("Accept", stream ? "text/event-stream" : "application/json");
    return new DemoRequest(path, Map.copyOf(headers), body.toBuffer(), stream);
  }

  private static String prompt(Chance chance) {
    int length = chance.between(MIN_PROMPT_BYTES, MAX_PROMPT_BYTES);
    StringBuilder prompt = new StringBuilder(length + 16);
    while (prompt.length() < length) {
      prompt.append(chance.oneOf(WORDS)).append(' ');
    }
    prompt.setLength(length);
    return prompt.toString();
  }
}
