package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.telemetry.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * A running proxy: the listeners of the data and admin ports, and the verticles behind them.
 *
 * <p>To embed it, deploy a {@link RolloutVerticle}, or start it from any context of a Vert.x of
 * your own. Started by a verticle it belongs to that verticle: when that is undeployed, the proxy
 * drains and ends, too. Several on one Vert.x need an {@code eventBus.prefix} each. On Linux that
 * Vert.x needs the native epoll transport ({@code new
 * VertxOptions().setPreferNativeTransport(true)}).
 */
public final class RolloutProxy {
  private final Deployment deployment;

  RolloutProxy(Deployment deployment) {
    this.deployment = deployment;
  }

  /**
   * Starts a proxy with a configuration in the form of {@code conf/proxy.json}. Environment
   * variables apply to it as they do to the file.
   *
   * @param vertx the caller's own, which stays open when the proxy is closed
   * @param configuration only what differs from the defaults
   * @return the running proxy, or a failure: {@link ConfigException} with every problem of the
   *     configuration, {@link StartException} with what else is in the way
   */
  public static Future<RolloutProxy> start(Vertx vertx, JsonObject configuration) {
    return start(vertx, configuration, null);
  }

  /**
   * Starts a proxy whose meters somebody else has, too.
   *
   * @param vertx where it runs; stays open when the proxy ends
   * @param configuration in the form of {@code conf/proxy.json}
   * @param registry gets every meter of the proxy until it ends, beside the admin port's {@code
   *     /metrics}; {@code null} = nobody's. With an {@code eventBus.prefix} each has the tag {@code
   *     proxy}
   * @return as {@link #start(Vertx, JsonObject)}
   */
  public static Future<RolloutProxy> start(
      Vertx vertx, JsonObject configuration, MeterRegistry registry) {
    Loaded loaded;
    try {
      loaded = ConfigLoader.parse(configuration, System.getenv());
    } catch (ConfigException refused) {
      return Future.failedFuture(refused);
    }
    String prefix = loaded.settings().eventBus().prefix();
    return start(
        vertx, loaded, ConfigSource.DOCUMENT, new Metrics(Version.text(), registry, prefix));
  }

  static Future<RolloutProxy> start(
      Vertx vertx, Loaded loaded, ConfigSource source, Metrics metrics) {
    return Deployment.start(vertx, loaded, source, metrics).map(RolloutProxy::new);
  }

  /**
   * Puts another configuration in force while the proxy runs, as a whole or not at all.
   *
   * @param configuration all of it, not the change alone
   * @return {@code result} is {@code applied} with {@code changes}, {@code unchanged}, or {@code
   *     refused} with {@code problems}, as published on {@code rollout.config.changed} and {@code
   *     rollout.config.refused}; secrets are masked
   */
  public Future<JsonObject> reload(JsonObject configuration) {
    Future<Loaded> newer =
        Future.future(read -> read.complete(ConfigLoader.parse(configuration, System.getenv())));
    return deployment.reload("embedder", newer);
  }

  /** Reads the configuration's files again, if it came from files. */
  Future<JsonObject> reload(String cause) {
    return deployment.reload(cause);
  }

  /** The settings in force. */
  Settings settings() {
    return deployment.settings();
  }

  /** {@return the data port that is listened on; useful when 0 was configured} */
  public int port() {
    return deployment.port();
  }

  /** {@return the admin port that is listened on} */
  public int adminPort() {
    return deployment.adminPort();
  }

  /**
   * Ends as {@code drain} is configured: unready, then refusing, then waiting for what is in
   * flight, then {@link #close}.
   *
   * @return complete when all is closed
   */
  public Future<Void> drain() {
    return deployment.drain();
  }

  /**
   * Closes the listeners and all connections. The Vert.x stays open: it is the caller's.
   *
   * @return complete when all is closed
   */
  public Future<Void> close() {
    return deployment.close();
  }
}
