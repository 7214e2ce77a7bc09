package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.it.ProxyProcess.Ended;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a running jar: what it prints, and what its exit code says. */
@Tag("heavy")
class CliIT {
  private static final String TOKEN = "a-token-of-at-least-thirty-two-characters";

  @TempDir private Path folder;

  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
  }

  private RolloutProcess proxy(JsonObject changes) throws Exception {
    return RolloutProcess.start(
        Map.of("ADMIN_TOKEN", changes.containsKey("admin") ? TOKEN : ""),
        foundry.url(),
        legacy.url(),
        folder.resolve("state"),
        RolloutProcess.stages("1h").mergeIn(changes, true));
  }

  private static Ended run(RolloutProcess proxy, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--admin");
    all.add("http://127.0.0.1:" + proxy.process().adminPort());
    return ProxyProcess.run(Map.of(), all.toArray(String[]::new));
  }

  @Test
  void climbsTellsAndRollsBack() throws Exception {
    try (RolloutProcess proxy = proxy(new JsonObject())) {
      Ended fresh = run(proxy, "status");
      assertThat(fresh.code()).isZero();
      assertThat(fresh.output())
          .startsWith("initial  0 % to Foundry")
          .contains("  next     start begins the rollout", "  foundry  0 requests", "probe up");
      assertThat(run(proxy, "start", "--reason", "go").output()).startsWith("canary_10 at 10 %: ");
      Ended waits = run(proxy, "status", "--json");
      assertThat(waits.code()).as(waits.output()).isEqualTo(3);
      assertThat(new JsonObject(waits.output()).getString("verdict")).isEqualTo("waits");
      assertThat(run(proxy, "advance").output()).startsWith("canary_50 at 50 %: ");
      assertThat(run(proxy, "set", "25").output()).isEqualTo("canary_50 at 25 %");
      assertThat(run(proxy, "pause").code()).isZero();
      assertThat(run(proxy, "resume").code()).isZero();
      proxy.posts(40);
      Ended costs = run(proxy, "costs", "--by", "provider");
      assertThat(costs.output()).contains("foundry", "legacy", "total");
      assertThat(run(proxy, "rollback", "--reason", "odd\u0007").output())
          .startsWith("rollback at 0 %");
      Ended back = run(proxy, "status", "--watch", "--timeout", "1m");
      assertThat(back.code()).isEqualTo(5);
      Ended refused = run(proxy, "advance");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.output()).contains("advance");
      Ended audit = run(proxy, "transitions");
      assertThat(audit.output().lines()).hasSizeGreaterThanOrEqualTo(6);
      assertThat(audit.output())
          .contains("ROLLBACK canary foundry 25 % -> 0 %", "by api): odd")
          .doesNotContain("\u0007");
      assertThat(new JsonArray(run(proxy, "transitions", "--json").output())).isNotEmpty();
      assertThat(run(proxy, "start").code()).isZero();
      Ended hasty = run(proxy, "rollback");
      assertThat(hasty.code()).as("in an emergency nobody has words").isZero();
      assertThat(hasty.output()).startsWith("rollback at 0 %");
    }
  }

  @Test
  void theExitCodeTellsOfALimitThatIsExceeded() throws Exception {
    JsonObject alerting =
        new JsonObject()
            .put(
                "providers",
                new JsonObject()
                    .put(
                        "foundry",
                        new JsonObject()
                            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000))))
            .put(
                "health",
                new JsonObject()
                    .put("minRequests", 20)
                    .put("errorRate", new JsonObject().put("action", "alert")));
    RunningProxy.await(foundry.become(new Status(500, Map.of(), "no")));
    try (RolloutProcess proxy = proxy(alerting)) {
      assertThat(proxy.set(50).statusCode()).isEqualTo(200);
      proxy.until(
          state -> proxy.health().getString("verdict", "").equals("alert"), () -> proxy.posts(4));
      Ended status = run(proxy, "status");
      assertThat(status.code()).as(status.output()).isEqualTo(4);
    }
  }

  @Test
  void saysWhatIsWrongWithTheWayThere() throws Exception {
    Ended nobody = ProxyProcess.run(Map.of(), "status", "--admin", "http://127.0.0.1:1");
    assertThat(nobody.code()).isEqualTo(1);
    assertThat(nobody.output())
        .isEqualTo(
            "http://127.0.0.1:1: nobody listens there (expected: a running proxy's admin port;"
                + " --admin names another)");
    Ended unknown =
        ProxyProcess.run(Map.of(), "status", "--admin", "http://no.such.name.invalid:9090");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.output())
        .startsWith("http://no.such.name.invalid:9090: no such name (expected: ");
    Ended odd = ProxyProcess.run(Map.of(), "status", "--admin", "localhost:9090");
    assertThat(odd.code()).isEqualTo(2);
    assertThat(odd.output()).contains("--admin: localhost:9090 (expected: a URL such as");
    Ended other = ProxyProcess.run(Map.of(), "status", "--admin", foundry.url());
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.output())
        .isEqualTo(foundry.url() + ": it does not answer as a proxy's admin port does");
  }

  @Test
  void sendsTheTokenOfTheEnvironmentAndDoesNotPrintIt() throws Exception {
    JsonObject guarded =
        new JsonObject().put("admin", new JsonObject().put("token", "${ADMIN_TOKEN:}"));
    try (RolloutProcess proxy = proxy(guarded)) {
      String url = "http://127.0.0.1:" + proxy.process().adminPort();
      Ended without = ProxyProcess.run(Map.of(), "status", "--admin", url);
      assertThat(without.code()).isEqualTo(1);
      assertThat(without.output()).contains("ADMIN_TOKEN in the environment");
      Ended with = ProxyProcess.run(Map.of("ADMIN_TOKEN", TOKEN), "status", "--admin", url);
      assertThat(with.code()).as(with.output()).isZero();
      assertThat(with.output()).doesNotContain(TOKEN);
    }
  }

  @Test
  void healthcheckTellsWhetherRequestsAreTaken() throws Exception {
    try (RolloutProcess proxy = proxy(new JsonObject())) {
      String port = Integer.toString(proxy.process().port());
      assertThat(ProxyProcess.run(Map.of(), "healthcheck", "--port", port).code()).isZero();
      Ended secured = ProxyProcess.run(Map.of(), "healthcheck", "--tls", "--port", port);
      assertThat(secured.code()).isEqualTo(1);
      assertThat(secured.output()).contains("(expected: no --tls, if it is plain HTTP)");
      String admin = "https://127.0.0.1:" + proxy.process().adminPort();
      Ended scheme = ProxyProcess.run(Map.of(), "status", "--admin", admin);
      assertThat(scheme.code()).isEqualTo(1);
      assertThat(scheme.output())
          .isEqualTo(admin + ": it speaks plain HTTP there (expected: http:// in --admin)");
    }
    Ended gone = ProxyProcess.run(Map.of(), "healthcheck", "--port", "1");
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.output()).startsWith("port 1: ");
  }
}
