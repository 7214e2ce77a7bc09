package com.huntaze.rollout.it;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configurations that must be refused, by what the refusal has to say of each. */
final class BrokenConfigs {
  private final String valid;
  private final Map<String, byte[]> all = new LinkedHashMap<>();

  private BrokenConfigs(String valid) {
    this.valid = valid;
  }

  /**
   * Breaks a document in every way.
   *
   * @param valid would be taken
   */
  static Map<String, byte[]> of(String valid) {
    BrokenConfigs broken = new BrokenConfigs(valid);
    broken.texts();
    broken.values();
    return broken.all;
  }

  private void texts() {
    add("empty (expected: a JSON object)", "");
    add("the document ends too early", valid.substring(0, valid.length() / 2));
    add("the document ends", valid.substring(0, valid.length() - 2));
    add("column 1: not valid JSON: a word without double quotes", "not json");
    add("a list (expected: a JSON object)", "[]");
    add(
        "duplicate",
        valid.replaceFirst("\\{", "{\"provider\":\"canary\",\"provider\":\"legacy\","));
    add("comments are not JSON", "// a comment\n" + valid);
    add(
        "NaN and Infinity are not JSON",
        valid.replaceFirst("\\{", "{\"retryBudget\":{\"ratio\":NaN},"));
    add("something follows the document", valid + "{}");
    add("larger than 1 MiB", valid + " ".repeat(1_100_000));
    all.put("UTF-8", new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'});
    add("deep", "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}");
  }

  private void add(String said, String text) {
    all.put(said, text.getBytes(StandardCharsets.UTF_8));
  }

  private void values() {
    with("timeuts: unknown key (did you mean \"timeouts\"?)", "timeuts", new JsonObject());
    with("limits.burst: -1 (expected: ", "limits", new JsonObject().put("burst", -1));
    with("limits.burst: \"1\" (expected: ", "limits", new JsonObject().put("burst", "1"));
    with("limits.burst: 1.5 (expected: ", "limits", new JsonObject().put("burst", 1.5));
    with("provider: \"azure\" (expected: ", "provider", "azure");
    with("provider: null (expected: ", "provider", null);
    with("routes: an object (expected: a list)", "routes", new JsonObject());
    with("drain.delay: \"5\" (expected: a duration", "drain", new JsonObject().put("delay", "5"));
    with(
        "server.port: 8123 (expected: 0, as at the start: another one needs a restart)",
        "server",
        new JsonObject().put("host", "127.0.0.1").put("port", 8_123));
    with("server.port: 70000 (expected: 0..65535)", "server", new JsonObject().put("port", 70_000));
    with(
        "server.tls.certificate: \"",
        "server",
        new JsonObject()
            .put("host", "127.0.0.1")
            .put("port", 0)
            .put("tls", new JsonObject().put("certificate", "none.pem").put("key", "none.pem")));
    with(
        "admin.tls.key: missing",
        "admin",
        new JsonObject().put("port", 0).put("tls", new JsonObject().put("certificate", "c.pem")));
    with(
        "admin.host: 0.0.0.0 (expected: a loopback address",
        "admin",
        new JsonObject().put("port", 0).put("host", "0.0.0.0"));
    with("prices: \"gone.json\"|gone.json: no such file", "prices", "gone.json");
    with(
        "canary.stages[1].percentage: 10 (expected: more than the 50",
        "canary",
        new JsonObject().put("stages", new JsonArray().add(stage("a", 50)).add(stage("b", 10))));
    with(
        "canary.stages[0].percentage: 130 (expected: 1..100)",
        "canary",
        new JsonObject().put("stages", new JsonArray().add(stage("a", 130))));
    with(
        "the environment variable NO_SUCH_VARIABLE",
        "canary",
        new JsonObject().put("salt", "${NO_SUCH_VARIABLE}"));
    with("a file that exists", "canary", new JsonObject().put("salt", "${file:gone}"));
    with(
        "providers.foundry.url: \"ftp://h\" (expected: ",
        "providers",
        new JsonObject().put("foundry", new JsonObject().put("url", "ftp://h")));
    with(
        "providers.foundry.tls.ca: \"",
        "providers",
        new JsonObject()
            .put("foundry", new JsonObject().put("tls", new JsonObject().put("ca", "proxy.json"))));
    with(
        "routes[1].match: \"GET /a\" (expected: ",
        "routes",
        route("GET /a").addAll(route("GET /a")));
    with(
        "auth.keys[0].sha256: *** (expected: 64 hexadecimal digits)",
        "auth",
        new JsonObject()
            .put(
                "keys",
                new JsonArray().add(new JsonObject().put("id", "a").put("sha256", "hunter2"))));
  }

  private static JsonObject stage(String phase, int percentage) {
    return new JsonObject().put("phase", phase).put("percentage", percentage).put("bake", "1h");
  }

  private static JsonArray route(String match) {
    return new JsonArray().add(new JsonObject().put("match", match).put("replay", "safe"));
  }

  private void with(String said, String key, Object value) {
    String name = said.contains("|") ? said.substring(said.indexOf('|') + 1) : said;
    add(name, new JsonObject(valid).put(key, value).encode());
  }
}
