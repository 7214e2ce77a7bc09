package com.huntaze.rollout.app;

import com.huntaze.rollout.admission.DrainSettings;
import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.telemetry.LogOutput;
import com.huntaze.rollout.telemetry.Metrics;
import com.huntaze.rollout.telemetry.MetricsSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** A proxy as a process: starts it, says where it listens, waits, and closes it on a signal. */
final class Launcher {
  private static final Logger log = LoggerFactory.getLogger(Launcher.class);
  private static final long CLOSE_SECONDS = 10;

  /**
   * Each export that fails is an exception in here, and the log has one line for them all already.
   * Held, because the JDK forgets what it is told of a logger that nobody holds.
   */
  private static final java.util.logging.Logger EXPORTER =
      java.util.logging.Logger.getLogger("io.opentelemetry.exporter.otlp");

  /**
   * So many verticles and look-ups there are beside the proxy verticles. They get event loops of
   * their own: the judge and the admin interface answer whatever a proxy verticle's loop does.
   */
  private static final int OTHER_LOOPS = 12;

  private static final MetricsSettings NOTHING_MORE = new MetricsSettings(List.of(), null, false);

  private Launcher() {}

  /**
   * Runs until SIGTERM or SIGINT.
   *
   * @param atStop what is to be tidied up when the process ends, however it ends
   * @return an exit code if the start fails; otherwise the signal ends the JVM with 0
   */
  static int runUntilStopped(ConfigSource source, Runnable atStop) {
    // Read once when Vert.x is loaded: neither is used, and both cost something for each request.
    System.setProperty("vertx.disableContextTimings", "true");
    System.setProperty("vertx.disableWebsockets", "true");
    EXPORTER.setLevel(Level.OFF);
    // A line of another shape would be lost to whoever reads the log by its format.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Metrics metrics = new Metrics(Version.text());
    Vertx vertx = vertx(metrics, NOTHING_MORE);
    try {
      LogFormat.check(System.getenv());
      Loaded loaded = await(source.read(vertx));
      if (!loaded.settings().metrics().vertx().isEmpty()) {
        // Its metrics are chosen when a Vert.x is made, and the configuration is read with one.
        await(vertx.close());
        vertx = vertx(metrics, loaded.settings().metrics());
      }
      SecretsInTheOpen.warning(source.place(), loaded).ifPresent(log::warn);
      RolloutProxy proxy = await(RolloutProxy.start(vertx, loaded, source, metrics));
      closeOnSignal(vertx, proxy, atStop);
      SighupHandler.then(() -> proxy.reload("SIGHUP"));
      if (LogFormat.isJson(System.getenv())) {
        log.info("{}", Banner.line(loaded.settings(), proxy));
      } else {
        Banner.print(System.out, loaded.settings(), proxy);
      }
      new CountDownLatch(1).await();
      return Main.OK;
    } catch (ConfigException refused) {
      return fail(vertx, refused, Main.USAGE, atStop);
    } catch (StartException failed) {
      return fail(vertx, failed, Main.FAILED, atStop);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Main.FAILED;
    }
  }

  private static Vertx vertx(Metrics metrics, MetricsSettings measured) {
    VertxOptions options =
        metrics
            .vertxOptions(measured)
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE + OTHER_LOOPS)
            .setFileSystemOptions(withoutCache());
    return Vertx.builder().with(options).withMetrics(metrics.vertxFactory()).build();
  }

  /** No folder of cached class-path files: a container's file system is read-only. */
  static FileSystemOptions withoutCache() {
    return new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
  }

  private static void closeOnSignal(Vertx vertx, RolloutProxy proxy, Runnable atStop) {
    Thread hook =
        new Thread(
            () -> {
              DrainSettings drain = proxy.settings().drain();
              long drainSeconds = drain.delay().plus(drain.timeout()).toSeconds() + CLOSE_SECONDS;
              closeQuietly(proxy.drain(), drainSeconds);
              // Not composed: the drain ends on an event loop, which cannot wait for its own end.
              closeQuietly(vertx.close(), CLOSE_SECONDS);
              atStop.run();
              LogOutput.finish();
              // A stop that was asked for is a success, not the 143 of a signal's default.
              Runtime.getRuntime().halt(Main.OK);
            },
            "rollout-proxy-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void closeQuietly(Future<?> closing, long seconds) {
    try {
      closing.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException late) {
      // The process ends all the same.
    }
  }

  private static int fail(Vertx vertx, Exception failure, int code, Runnable atStop) {
    System.err.println(failure.getMessage());
    closeQuietly(vertx.close(), CLOSE_SECONDS);
    atStop.run();
    LogOutput.finish();
    return code;
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new StartException(
          "start: failed unexpectedly: " + failed.getCause(), failed.getCause());
    }
  }
}
