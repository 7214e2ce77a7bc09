package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.app.RolloutProxy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program and the command of {@code docs/embedding.md}, compiled and run as they stand. */
@Tag("heavy")
class EmbeddingGuideIT {
  private static final Path PAGE = Path.of("docs/embedding.md");
  private static final String ASK = "GET /x HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";

  @TempDir private Path temporary;

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(block.find()).as(language).isTrue();
    return block.group(1);
  }

  private static JsonObject configuration(RawOrigin origin) {
    return new JsonObject()
        .put("providers", RunningProxy.withoutProbes())
        .mergeIn(RunningProxy.before("canary", origin.url(), origin.url()), true)
        .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
        .put("admin", new JsonObject().put("port", 0))
        .put("state", new JsonObject().put("dir", ""))
        .put("drain", new JsonObject().put("delay", "0s").put("timeout", "60s"));
  }

  private Object gateway() throws Exception {
    Path source = Files.writeString(temporary.resolve("Gateway.java"), block("java"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-classpath",
                System.getProperty("java.class.path"),
                "-Xlint:all,-processing,-serial,-classfile",
                "-proc:none",
                "-Werror",
                "-d",
                temporary.toString(),
                source.toString());
    assertThat(status).as("javac").isZero();
    URLClassLoader loader =
        new URLClassLoader(new URL[] {temporary.toUri().toURL()}, getClass().getClassLoader());
    return loader.loadClass("Gateway").getConstructor().newInstance();
  }

  private static Object field(Object object, String name) throws ReflectiveOperationException {
    return object.getClass().getField(name).get(object);
  }

  @Test
  void theProgramStartsAnswersReloadsAndEnds() throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try (RawOrigin origin =
        new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"))) {
      JsonObject configuration = configuration(origin);
      Path file = Files.writeString(temporary.resolve("proxy.json"), configuration.encode());
      Object gateway = gateway();
      String id =
          await(
              vertx.deployVerticle(
                  (Deployable) gateway,
                  new DeploymentOptions()
                      .setConfig(new JsonObject().put("file", file.toString()))));
      RolloutProxy proxy = (RolloutProxy) field(gateway, "proxy");
      try (RawClient client = new RawClient(proxy.port())) {
        assertThat(client.send(ASK).readToEnd()).endsWith("ok");
      }
      SimpleMeterRegistry registry = (SimpleMeterRegistry) field(gateway, "registry");
      Waits.until(
          () ->
              registry.find("rollout.requests").counters().stream()
                      .mapToDouble(counter -> counter.count())
                      .sum()
                  == 1);
      Future<?> told =
          (Future<?>)
              gateway.getClass().getMethod("callOnce", String.class).invoke(gateway, "user-1");
      assertThat(await(told)).isEqualTo(1);
      Files.writeString(file, configuration.copy().put("provider", "legacy").encode());
      Waits.until(
          () ->
              await(vertx.eventBus().<JsonObject>request("rollout.canary.get", null))
                  .body()
                  .getString("mode")
                  .equals("legacy"));
      await(vertx.undeploy(id));
      assertThat(vertx.deploymentIDs()).isEmpty();
    } finally {
      await(vertx.close());
    }
  }

  /** With the arguments of the page's command; SIGTERM comes while a request is in flight. */
  @Test
  void theLaunchersCommandServesAndDrains() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    try (RawOrigin origin =
        new RawOrigin(
            call -> {
              asked.countDown();
              mayAnswer.await();
              call.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate");
            })) {
      int port = FreePorts.next();
      JsonObject configuration = configuration(origin).put("provider", "legacy");
      configuration.getJsonObject("server").put("port", port);
      Path file = Files.writeString(temporary.resolve("proxy.json"), configuration.encode());
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String command =
          block("sh")
              .replace("java -cp", "exec " + java + " -cp")
              .replace("conf/proxy.json", file.toString());
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      builder.redirectOutput(temporary.resolve("output").toFile());
      Process process = builder.start();
      try {
        Waits.until(() -> output(), () -> ready(port) || !process.isAlive());
        try (RawClient client = new RawClient(port)) {
          client.send(ASK);
          assertThat(asked.await(60, TimeUnit.SECONDS)).as("in flight: %s", output()).isTrue();
          process.destroy();
          Waits.until(() -> !ready(port));
          assertThat(process.isAlive()).isTrue();
          mayAnswer.countDown();
          assertThat(client.readToEnd()).endsWith("late");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private String output() {
    try (InputStream in = Files.newInputStream(temporary.resolve("output"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException none) {
      return none.toString();
    }
  }

  private static boolean ready(int port) {
    try (RawClient client = new RawClient(port)) {
      String head = "GET /readyz HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";
      return client.send(head).readToEnd().startsWith("HTTP/1.1 200");
    } catch (IOException closed) {
      return false;
    }
  }
}
