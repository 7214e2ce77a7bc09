package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin port's callers: their names, their roles, and what becomes known of them. */
class AdminRolesIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String ONE = "0123456789-the-admin-token-0123456789";
  private static final String[] NOBODY = {};

  private RunningProxy proxy;

  private static String secret(String name) {
    return "0123456789-the-token-of-" + name + "-0123456789";
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private static JsonObject hashed(String name, String role, String token) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    return new JsonObject()
        .put("name", name)
        .put("role", role)
        .put("sha256", HexFormat.of().formatHex(hash).toUpperCase());
  }

  private static JsonArray three() throws Exception {
    return new JsonArray()
        .add(hashed("grafana", "viewer", secret("viewer")))
        .add(hashed("alice", "operator", secret("operator")))
        .add(
            new JsonObject()
                .put("name", "deploy")
                .put("role", "admin")
                .put("token", secret("admin")));
  }

  private void start(JsonObject admin) {
    proxy =
        RunningProxy.start(
            RunningProxy.before("canary", UNUSED, UNUSED).put("admin", admin.put("port", 0)));
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private HttpResponse<String> ask(String method, String path, String... headers)
      throws IOException {
    return proxy.admin(method, path, null, headers);
  }

  private static String detail(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("detail");
  }

  @Test
  void eachIsToldWhoItIs() throws Exception {
    start(new JsonObject().put("token", ONE).put("tokens", three()));
    for (String role : List.of("viewer", "operator", "admin")) {
      JsonObject about = new JsonObject(ask("GET", "/api/v1/about", bearer(secret(role))).body());
      assertThat(about.getString("role")).isEqualTo(role);
      assertThat(about.getString("caller")).isIn("grafana", "alice", "deploy");
    }
    JsonObject unnamed = new JsonObject(ask("GET", "/api/v1/about", bearer(ONE)).body());
    assertThat(unnamed.getString("role")).isEqualTo("admin");
    assertThat(unnamed.getValue("caller")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "viewer, 200, 403, 403",
    "operator, 200, 200, 403",
    "admin, 200, 200, 200",
    "stranger, 401, 401, 401"
  })
  void aRoleIsForWhatItIsFor(String role, int reads, int orders, int reloads) throws Exception {
    start(new JsonObject().put("tokens", three()));
    String[] token = bearer(secret(role));
    for (String path : List.of("/api/v1/canary", "/api/v1/config", "/metrics")) {
      assertThat(ask("GET", path, token).statusCode()).as(path).isEqualTo(reads);
    }
    assertThat(ask("POST", "/api/v1/canary/reset", token).statusCode()).isEqualTo(orders);
    HttpResponse<String> reload = ask("POST", "/api/v1/config/reload", token);
    // A document of an embedder cannot be read again.
    assertThat(reload.statusCode()).isEqualTo(reloads == 200 ? 422 : reloads);
    assertThat(ask("DELETE", "/api/v1/canary", token).statusCode())
        .isEqualTo(reloads == 200 ? 405 : reloads);
  }

  @Test
  void aRefusalSaysWhichRoleIsNeeded() throws Exception {
    start(new JsonObject().put("tokens", three()));
    assertThat(detail(ask("POST", "/api/v1/canary/start", bearer(secret("viewer")))))
        .isEqualTo(
            "role: grafana has the role viewer (expected: operator or admin, for POST"
                + " /api/v1/canary/start)");
    assertThat(detail(ask("POST", "/api/v1/config/reload", bearer(secret("operator")))))
        .isEqualTo(
            "role: alice has the role operator (expected: admin, for POST"
                + " /api/v1/config/reload)");
    HttpResponse<String> unknown = ask("POST", "/api/v1/canary/start", NOBODY);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void theAuditSaysWhoGaveAnOrderInWhichRoleFromWhereAndWhy() throws Exception {
    start(new JsonObject().put("token", ONE).put("tokens", three()));
    proxy.admin(
        "POST",
        "/api/v1/canary/start",
        "{\"reason\": \"ready\"}",
        "Authorization",
        "Bearer " + secret("operator"),
        "Content-Type",
        "application/json");
    JsonArray audit = new JsonArray(ask("GET", "/api/v1/transitions", bearer(ONE)).body());
    JsonObject last = audit.getJsonObject(audit.size() - 1);
    assertThat(last.getString("actor")).isEqualTo("alice (operator, 127.0.0.1)");
    assertThat(last.getString("sentence")).endsWith("by alice (operator, 127.0.0.1)): ready");
    ask("POST", "/api/v1/canary/rollback", bearer(secret("operator")));
    Waits.until(
        () ->
            ask("GET", "/api/v1/alerts", bearer(ONE))
                .body()
                .contains("by alice (operator, 127.0.0.1)"));
    // The one token goes on as it was.
    ask("POST", "/api/v1/canary/reset", bearer(ONE));
    audit = new JsonArray(ask("GET", "/api/v1/transitions", bearer(ONE)).body());
    assertThat(audit.getJsonObject(audit.size() - 1).getString("actor")).isEqualTo("api");
  }

  @Test
  void aTokenIsRenewedWhileBothAreKnown() throws Exception {
    JsonObject admin = new JsonObject().put("tokens", three());
    start(admin);
    JsonArray both = three().add(hashed("alice", "operator", secret("renewed")));
    proxy.reload(new JsonObject().put("admin", new JsonObject().put("tokens", both)));
    assertThat(ask("GET", "/api/v1/canary", bearer(secret("operator"))).statusCode())
        .isEqualTo(200);
    assertThat(ask("GET", "/api/v1/canary", bearer(secret("renewed"))).statusCode()).isEqualTo(200);
    both.remove(1);
    proxy.reload(new JsonObject().put("admin", new JsonObject().put("tokens", both)));
    assertThat(ask("GET", "/api/v1/canary", bearer(secret("operator"))).statusCode())
        .isEqualTo(401);
    assertThat(ask("GET", "/api/v1/canary", bearer(secret("renewed"))).statusCode()).isEqualTo(200);
  }

  /** An open stream ends with the right to hear it. */
  @Test
  void aTokenThatIsTakenAwayEndsItsEvents() throws Exception {
    start(new JsonObject().put("tokens", three()));
    String head =
        "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n";
    try (RawClient grafana = new RawClient(proxy.adminPort());
        RawClient alice = new RawClient(proxy.adminPort())) {
      grafana.send(head.formatted(secret("viewer"))).readUntil("event: hello");
      alice.send(head.formatted(secret("operator"))).readUntil("event: hello");
      JsonArray left = three();
      left.remove(0);
      proxy.reload(new JsonObject().put("admin", new JsonObject().put("tokens", left)));
      grafana.readUntil("\r\n0\r\n\r\n");
      alice.readUntil("event: traffic");
    }
  }

  @Test
  void aPersonWithTheNameOfTheOneTokenIsKnownByRoleAndAddress() throws Exception {
    start(
        new JsonObject()
            .put(
                "identity",
                new JsonObject()
                    .put("peers", new JsonArray().add("127.0.0.0/8"))
                    .put("role", "operator")));
    assertThat(ask("POST", "/api/v1/canary/start", "X-Forwarded-User", "api").statusCode())
        .isEqualTo(200);
    assertThat(ask("GET", "/api/v1/transitions", "X-Forwarded-User", "eve").body())
        .contains("api (operator, 127.0.0.1)");
  }

  @Test
  void aTrustedProxySaysWhoCalls() throws Exception {
    start(
        new JsonObject()
            .put("token", ONE)
            .put(
                "identity",
                new JsonObject()
                    .put("peers", new JsonArray().add("127.0.0.0/8"))
                    .put("roles", new JsonObject().put("bob@example.com", "operator"))));
    String[] bob = {"X-Forwarded-User", "bob@example.com"};
    String[] eve = {"X-Forwarded-User", "eve"};
    assertThat(ask("POST", "/api/v1/canary/start", bob).statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/api/v1/transitions", eve).body())
        .contains("bob@example.com (operator, 127.0.0.1)");
    assertThat(detail(ask("POST", "/api/v1/canary/reset", eve)))
        .startsWith("role: eve has the role viewer (expected: operator or admin");
    assertThat(ask("GET", "/api/v1/canary", NOBODY).statusCode()).isEqualTo(401);
    for (String odd : List.of("bob (admin)", "", " ", "x".repeat(129))) {
      assertThat(ask("GET", "/api/v1/canary", "X-Forwarded-User", odd).statusCode())
          .as(odd)
          .isEqualTo(401);
    }
    assertThat(
            ask(
                    "GET",
                    "/api/v1/canary",
                    "X-Forwarded-User",
                    "eve",
                    "X-Forwarded-User",
                    "bob@example.com")
                .statusCode())
        .isEqualTo(401);
    // A token that is wrong is not made good by a name.
    assertThat(
            ask("GET", "/api/v1/canary", "X-Forwarded-User", "eve", "Authorization", "Bearer x")
                .statusCode())
        .isEqualTo(401);
    assertThat(
            new JsonObject(ask("GET", "/dashboard.json", eve).body()).getBoolean("tokenRequired"))
        .isFalse();
    assertThat(
            new JsonObject(ask("GET", "/dashboard.json", NOBODY).body())
                .getBoolean("tokenRequired"))
        .isTrue();
  }

  @Test
  void whoIsNoTrustedProxyIsNotBelieved() throws Exception {
    start(
        new JsonObject()
            .put("identity", new JsonObject().put("peers", new JsonArray().add("10.0.0.0/8"))));
    assertThat(ask("GET", "/api/v1/canary", "X-Forwarded-User", "bob").statusCode()).isEqualTo(401);
    assertThat(ask("GET", "/metrics", "X-Forwarded-User", "bob").statusCode()).isEqualTo(401);
    assertThat(ask("GET", "/livez", NOBODY).statusCode()).isEqualTo(200);
  }
}
