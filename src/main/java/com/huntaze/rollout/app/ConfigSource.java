package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.config.ConfigPlace;
import com.huntaze.rollout.config.Flags;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.settings.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source of a configuration, which can be read again and again.
 *
 * @param place where it is read, {@code null} = nowhere: it is a document of an embedder
 * @param interval how often an address is asked
 */
record ConfigSource(
    ConfigPlace place, Map<String, String> environment, Flags flags, Duration interval) {
  private static final Logger log = LoggerFactory.getLogger(ConfigSource.class);

  /** Of an embedder, who hands over another document when it has one. */
  static final ConfigSource DOCUMENT = new ConfigSource(null, Map.of(), Flags.NONE, null);

  /** True if it can be read again at all. */
  boolean isReadAgain() {
    return place != null;
  }

  /** True if nobody but the address itself knows of its changes. */
  boolean isAsked() {
    return place != null && place.path().isEmpty();
  }

  /** The file or the directory, if it is one. */
  Optional<Path> path() {
    return place == null ? Optional.empty() : place.path();
  }

  String name() {
    return place == null ? "document" : place.name();
  }

  /**
   * The words of a command that checks it; empty = there is none, as for an address with a secret
   * in it. The flags and the environment of this process are not in it.
   */
  List<String> check() {
    Path jar = jar();
    Optional<String> from = place == null ? Optional.empty() : place.argument();
    if (from.isEmpty() || jar == null) {
      return List.of();
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(java, "-jar", jar.toString(), "check", "--config", from.get());
  }

  /** The packaged program, unless this runs from classes. */
  private static Path jar() {
    CodeSource code = ConfigSource.class.getProtectionDomain().getCodeSource();
    String location = code == null ? "" : code.getLocation().toString();
    return location.startsWith("file:") && location.endsWith(".jar")
        ? Path.of(URI.create(location))
        : null;
  }

  Future<Loaded> read(Vertx vertx) {
    return place == null
        ? Future.failedFuture(
            new ConfigException(
                new Problem("configuration", "no file", "one, given at the start with --config")))
        : ConfigLoader.load(vertx, place, environment, flags);
  }

  /** A failure in words for those who can do something about it. */
  static ConfigException explained(Throwable failure) {
    if (failure instanceof ConfigException refused) {
      return refused;
    }
    if (failure instanceof ReplyException objection) {
      return new ConfigException(Problem.sentence("canary", objection.getMessage()));
    }
    log.error("A changed configuration failed unexpectedly", failure);
    return new ConfigException(
        Problem.sentence("configuration", "failed unexpectedly, the log says how"));
  }
}
