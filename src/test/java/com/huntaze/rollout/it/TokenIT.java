package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A provider gets the bearer token that its origin has issued, and the next one before that ends.
 * The origins answer as IMDS, App Service and Entra ID do.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class TokenIT {
  private static final String FAILING = "rollout_provider_token_failing{provider=\"foundry\"} ";

  @Parameter Wire wire;
  @TempDir Path folder;

  /** Tells the client which token it has got. */
  private static RawOrigin foundry() {
    return new RawOrigin(
        call -> {
          String text = call.head().replaceAll("(?is).*?\nauthorization: ([^\n]*).*", "$1").strip();
          String told = text.startsWith("Bearer") ? text : "none";
          call.send(
              "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(told.length(), told));
        });
  }

  /** Issues tokens that end soon, and remembers how it was asked. */
  private static final class Issuer implements AutoCloseable {
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile boolean broken;
    private final RawOrigin origin = new RawOrigin(this::answer);

    private void answer(RawOrigin.Call call) throws IOException {
      heads.add(call.head());
      bodies.add(call.body());
      String body =
          broken
              ? "{\"error\":\"no\"}"
              : "{\"access_token\":\"t%d\",\"expires_in\":2}".formatted(issued.incrementAndGet());
      call.send(
          "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(broken ? "400 Bad Request" : "200 OK", body.length(), body));
    }

    @Override
    public void close() throws IOException {
      origin.close();
    }
  }

  private RunningProxy with(RawOrigin foundry, JsonObject token) {
    JsonObject settings = RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1");
    settings.getJsonObject("providers").getJsonObject("foundry").put("token", token);
    return RunningProxy.start(wire, settings);
  }

  private static String token(RunningProxy proxy) throws IOException {
    return proxy.get("/x", "Authorization", "Bearer the-clients").body();
  }

  private static String alerts(RunningProxy proxy) throws IOException {
    return proxy.admin("GET", "/api/v1/alerts", null).body();
  }

  private static String metrics(RunningProxy proxy) throws IOException {
    return proxy.admin("GET", "/metrics", null).body();
  }

  private static void replace(Path file, String text) throws IOException {
    Path next = Files.writeString(file.resolveSibling("next"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void fromAFileThatChanges() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "first\n");
    JsonObject token = new JsonObject().put("from", "file").put("file", file.toString());
    try (RawOrigin foundry = foundry();
        RunningProxy proxy = with(foundry, token)) {
      assertThat(token(proxy)).isEqualTo("Bearer first");
      replace(file, "second");
      Waits.until(() -> token(proxy), "Bearer second"::equals);
      replace(file, "PLANTED and no token at all\n");
      Waits.until(() -> alerts(proxy).contains("token_refused"));
      assertThat(alerts(proxy))
          .contains("No new token for foundry, from file: token: ", "the last one stays in use")
          .doesNotContain("PLANTED");
      assertThat(metrics(proxy)).contains(FAILING + "1.0");
      Files.delete(file);
      assertThat(token(proxy)).as("the last one stays").isEqualTo("Bearer second");
      Files.writeString(file, "third");
      Waits.until(() -> token(proxy), "Bearer third"::equals);
      Waits.until(() -> metrics(proxy).contains(FAILING + "0.0"));
    }
  }

  @Test
  void fromAManagedIdentityAndAgainBeforeItEnds() throws Exception {
    try (Issuer issuer = new Issuer();
        RawOrigin foundry = foundry()) {
      JsonObject token =
          new JsonObject()
              .put("from", "managed_identity")
              .put("endpoint", issuer.origin.url() + "/metadata/identity/oauth2/token")
              .put("clientId", "client-7");
      try (RunningProxy proxy = with(foundry, token)) {
        assertThat(token(proxy)).startsWith("Bearer t");
        Waits.until(() -> token(proxy), text -> text.compareTo("Bearer t1") > 0);
        assertThat(issuer.heads.get(0))
            .startsWith("GET /metadata/identity/oauth2/token?")
            .contains("api-version=2018-02-01", "client_id=client-7")
            .contains("resource=https%3A%2F%2Fcognitiveservices.azure.com")
            .containsIgnoringCase("\nMetadata: true");
        issuer.broken = true;
        Waits.until(() -> alerts(proxy).contains("the last one has ended, so foundry refuses"));
        assertThat(alerts(proxy)).contains("endpoint answered 400 (expected: 200 with a token)");
        String last = token(proxy);
        assertThat(last).as("the last one stays").startsWith("Bearer t");
        assertThat(alerts(proxy)).doesNotContain(last.substring("Bearer ".length()) + "\"");
        issuer.broken = false;
        Waits.until(() -> token(proxy), text -> !text.equals(last));
      }
    }
  }

  @Test
  void fromTheEndpointOfAnApp() throws Exception {
    try (Issuer issuer = new Issuer();
        RawOrigin foundry = foundry()) {
      JsonObject token =
          new JsonObject()
              .put("from", "managed_identity")
              .put("endpoint", issuer.origin.url() + "/msi/token")
              .put("endpointKey", "the-key");
      try (RunningProxy proxy = with(foundry, token)) {
        assertThat(token(proxy)).startsWith("Bearer t");
        assertThat(issuer.heads.get(0))
            .contains("api-version=2019-08-01")
            .containsIgnoringCase("\nX-IDENTITY-HEADER: the-key");
        assertThat(proxy.admin("GET", "/api/v1/config", null).body()).doesNotContain("the-key");
      }
    }
  }

  @Test
  void fromAWorkloadIdentity() throws Exception {
    Path federated = Files.writeString(folder.resolve("federated"), "a.b.c\n");
    try (Issuer issuer = new Issuer();
        RawOrigin foundry = foundry()) {
      JsonObject token =
          new JsonObject()
              .put("from", "workload_identity")
              .put("file", federated.toString())
              .put("authority", issuer.origin.url())
              .put("tenantId", "tenant-1")
              .put("clientId", "client-7");
      try (RunningProxy proxy = with(foundry, token)) {
        assertThat(token(proxy)).startsWith("Bearer t");
        assertThat(issuer.heads.get(0)).startsWith("POST /tenant-1/oauth2/v2.0/token ");
        assertThat(issuer.bodies.get(0))
            .contains("grant_type=client_credentials", "client_id=client-7")
            .contains("client_assertion=a.b.c", "jwt-bearer", ".default");
      }
    }
  }

  @Test
  void fromACommand() throws Exception {
    JsonObject token =
        new JsonObject()
            .put("from", "command")
            .put(
                "command",
                new JsonArray()
                    .add("/bin/sh")
                    .add("-c")
                    .add("echo '{\"accessToken\":\"by-command\",\"expires_on\":1}'"));
    try (RawOrigin foundry = foundry();
        RunningProxy proxy = with(foundry, token)) {
      assertThat(token(proxy)).isEqualTo("Bearer by-command");
    }
  }

  /**
   * A reload waits for it: a request without one would be refused, and count as Foundry's error.
   */
  @Test
  void aReloadThatBringsAnotherTokenSendsNothingWithoutOne() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "old");
    JsonObject first = new JsonObject().put("from", "file").put("file", file.toString());
    String slow = "sleep 1; echo '{\"accessToken\":\"new\",\"expires_on\":1}'";
    JsonObject second =
        new JsonObject()
            .put("from", "command")
            .put("command", new JsonArray().add("/bin/sh").add("-c").add(slow));
    try (RawOrigin foundry = foundry();
        RunningProxy proxy = with(foundry, first)) {
      assertThat(token(proxy)).isEqualTo("Bearer old");
      JsonObject newer = new JsonObject().put("token", second.putNull("file"));
      CompletableFuture<Void> reload =
          CompletableFuture.runAsync(
              () ->
                  proxy.reload(
                      new JsonObject().put("providers", new JsonObject().put("foundry", newer))));
      List<String> seen = new ArrayList<>();
      Waits.until(
          () -> {
            seen.add(token(proxy));
            return seen.get(seen.size() - 1).equals("Bearer new");
          });
      reload.join();
      assertThat(seen).containsOnly("Bearer old", "Bearer new");
    }
  }

  @Test
  void withoutOneTheClientsIsNotSentInstead() throws Exception {
    JsonObject token =
        new JsonObject().put("from", "file").put("file", folder.resolve("none").toString());
    try (RawOrigin foundry = foundry();
        RunningProxy proxy = with(foundry, token)) {
      assertThat(token(proxy)).isEqualTo("none");
      assertThat(alerts(proxy)).contains("there is none, so foundry refuses what is sent to it");
      Files.writeString(folder.resolve("none"), "late");
      Waits.until(() -> token(proxy), "Bearer late"::equals);
    }
  }

  /** A health path may ask for what all others ask for. */
  @Test
  void theProbeHasItToo() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "first\n");
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    try (RawOrigin foundry =
        new RawOrigin(
            call -> {
              asked.add(call.head());
              call.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            })) {
      JsonObject settings = RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1");
      settings
          .getJsonObject("providers")
          .getJsonObject("foundry")
          .put("probe", new JsonObject().put("interval", "1s"))
          .put("token", new JsonObject().put("from", "file").put("file", file.toString()));
      try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
        awaitProbe(asked, "first");
        replace(file, "second");
        awaitProbe(asked, "second");
        assertThat(metrics(proxy)).contains(FAILING + "0.0");
      }
    }
  }

  private static void awaitProbe(Queue<String> asked, String token) {
    Waits.until(
        () -> asked,
        () ->
            asked.stream()
                .anyMatch(
                    head ->
                        head.startsWith("GET /health ")
                            && head.toLowerCase(Locale.ROOT)
                                .contains("\nauthorization: bearer " + token + "\n")));
  }
}
