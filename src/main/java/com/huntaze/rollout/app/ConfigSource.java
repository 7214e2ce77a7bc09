package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.config.Flags;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.settings.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source of a configuration, which can be read again and again.
 *
 * @param path the file, {@code null} = none: the defaults alone, or a document of an embedder
 */
record ConfigSource(Path path, Map<String, String> environment, Flags flags) {
  private static final Logger log = LoggerFactory.getLogger(ConfigSource.class);

  /** Of an embedder, who hands over another document when it has one. */
  static final ConfigSource DOCUMENT = new ConfigSource(null, Map.of(), Flags.NONE);

  Optional<Path> file() {
    return Optional.ofNullable(path);
  }

  String name() {
    return path == null ? "document" : path.toString();
  }

  Future<Loaded> read(Vertx vertx) {
    return path == null
        ? Future.failedFuture(
            new ConfigException(
                new Problem("configuration", "no file", "one, given at the start with --config")))
        : ConfigLoader.load(vertx, path, environment, flags);
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
