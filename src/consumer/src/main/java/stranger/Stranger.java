package stranger;

import com.huntaze.rollout.app.RolloutProxy;
import com.huntaze.rollout.app.RolloutVerticle;
import com.huntaze.rollout.control.CanaryClient;
import com.huntaze.rollout.control.CanaryClient.Decision;
import com.huntaze.rollout.control.CanaryClient.Outcome;
import com.huntaze.rollout.provider.Provider;
import io.netty.util.Version;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** Embeds the proxy between two backends of its own, and looks at what came with the dependency. */
public final class Stranger {
  private static final String PACKAGE = "com/huntaze/rollout/";
  private static final int FEWEST_CLASSES = 100;

  private Stranger() {}

  /**
   * Ends with an exception, and so with 1, at the first thing that is not as it should be.
   *
   * @param arguments none
   * @throws Exception with what was found and what was expected
   */
  public static void main(String[] arguments) throws Exception {
    everyClassIsThereOnce();
    nettyHasOneVersion();
    nothingIsTakenOver();
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      embed(vertx);
    } finally {
      await(vertx.close());
    }
    System.out.println("stranger: all good");
  }

  private static void embed(Vertx vertx) throws Exception {
    JsonObject configuration =
        new JsonObject()
            .put("provider", "canary")
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("state", new JsonObject().put("dir", ""))
            .put("drain", new JsonObject().put("delay", "0s"))
            .put(
                "providers",
                new JsonObject()
                    .put("foundry", backend(vertx, "from foundry"))
                    .put("legacy", backend(vertx, "from legacy")));
    RolloutVerticle verticle = new RolloutVerticle();
    String id =
        await(
            vertx.deployVerticle(
                verticle, new DeploymentOptions().setConfig(configuration)));
    RolloutProxy proxy = verticle.proxy();
    try {
      equal("first answer", ask(proxy.port()), "from legacy");
      command(vertx);
      equal("answer at 100 %", ask(proxy.port()), "from foundry");
    } finally {
      await(vertx.undeploy(id));
    }
  }

  private static void command(Vertx vertx) throws Exception {
    CanaryClient client = new CanaryClient(vertx, "stranger");
    CountDownLatch heard = new CountDownLatch(1);
    client.onState(
        state -> {
          if (state.getInteger("percentage") == 100) {
            heard.countDown();
          }
        });
    await(client.command("start", "begin"));
    Decision decision = await(client.decide("r-1", "user-7"));
    equal("stage", decision.stage(), 0);
    Outcome outcome = new Outcome(decision, true, 12, null, "m", "user-7");
    equal("outcomes counted", await(client.outcomes(List.of(outcome))), 1);
    await(client.set(100, "all of it"));
    JsonObject raw =
        await(vertx.eventBus().<JsonObject>request("rollout.canary.get", null)).body();
    equal("share on the event bus", raw.getInteger("percentage"), 100);
    equal("share of an answer", await(client.decide("r-2", null)).provider(), Provider.FOUNDRY);
    equal("state was published", heard.await(5, TimeUnit.SECONDS), true);
  }

  private static JsonObject backend(Vertx vertx, String text) throws Exception {
    JsonObject message = new JsonObject().put("role", "assistant").put("content", text);
    JsonObject choice = new JsonObject().put("index", 0).put("message", message);
    JsonObject answer =
        new JsonObject().put("object", "chat.completion").put("choices", List.of(choice));
    HttpServer server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .response()
                            .putHeader("content-type", "application/json")
                            .end(answer.encode()))
                .listen(0, "127.0.0.1"));
    return new JsonObject().put("url", "http://127.0.0.1:" + server.actualPort());
  }

  private static String ask(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"m\", \"messages\": []}"))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    equal("status", response.statusCode(), 200);
    return new JsonObject(response.body())
        .getJsonArray("choices")
        .getJsonObject(0)
        .getJsonObject("message")
        .getString("content");
  }

  private static void everyClassIsThereOnce() throws Exception {
    Path jar =
        Path.of(RolloutProxy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> classes;
    try (JarFile file = new JarFile(jar.toFile())) {
      classes = file.stream().map(JarEntry::getName).filter(n -> n.endsWith(".class")).toList();
    }
    equal("more than 100 classes", classes.size() > FEWEST_CLASSES, true);
    for (String name : classes) {
      equal("in the proxy's package: " + name, name.startsWith(PACKAGE), true);
      equal("places of " + name, places(name), 1);
    }
  }

  private static void nettyHasOneVersion() {
    Map<String, List<String>> byVersion =
        Version.identify().values().stream()
            // Versioned apart from Netty.
            .filter(part -> !part.artifactId().startsWith("netty-tcnative"))
            .collect(
                Collectors.groupingBy(
                    Version::artifactVersion,
                    Collectors.mapping(Version::artifactId, Collectors.toList())));
    if (byVersion.size() != 1) {
      throw new IllegalStateException("Netty: " + byVersion + " (expected: one version)");
    }
    System.out.println("stranger: Netty " + byVersion.keySet());
  }

  private static void nothingIsTakenOver() throws IOException {
    equal("places of logback.xml", places("logback.xml"), 1);
    for (String name : List.of("logback-test.xml", "openapi.json", "web", "conf")) {
      equal("places of " + name, places(name), 0);
    }
  }

  private static int places(String resource) throws IOException {
    return Collections.list(Stranger.class.getClassLoader().getResources(resource)).size();
  }

  private static void equal(String what, Object found, Object expected) {
    if (!expected.equals(found)) {
      throw new IllegalStateException(what + ": " + found + " (expected: " + expected + ")");
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
