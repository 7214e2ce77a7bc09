package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.Problem;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Loads the configuration. Precedence: flag, environment, file, default. */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Reads file, environment and flags. The event loop is never blocked.
   *
   * @param file the configuration file, or null for the defaults alone
   * @param environment the variables, usually {@code System.getenv()}
   * @param flags the flags of the command line
   * @return the configuration, or a failure with a {@link ConfigException} that has every problem
   */
  public static Future<Loaded> load(
      Vertx vertx, Path file, Map<String, String> environment, Flags flags) {
    if (file == null) {
      Path here = Path.of("").toAbsolutePath();
      return vertx.executeBlocking(
          () -> new SettingsReader(environment, flags, here).read("defaults", "{}", Source.DEFAULT),
          false);
    }
    String name = file.toString();
    Path absolute = file.toAbsolutePath().normalize();
    SettingsReader reader = new SettingsReader(environment, flags, absolute.getParent());
    return vertx
        .executeBlocking(() -> readable(name, absolute), false)
        .compose(path -> text(vertx, name, path))
        .recover(failure -> Future.failedFuture(reader.refusal(explained(name, failure))))
        .compose(
            text -> vertx.executeBlocking(() -> reader.read(name, text, Source.file(name)), false));
  }

  /**
   * Reads a document that an embedder made. Blocks: the price file is read, and files that {@code
   * ${file:…}} placeholders name.
   *
   * @throws ConfigException with every problem
   */
  public static Loaded parse(JsonObject document, Map<String, String> environment) {
    Path here = Path.of("").toAbsolutePath();
    return new SettingsReader(environment, Flags.NONE, here)
        .read("document", encode(document), Source.DOCUMENT);
  }

  private static String encode(JsonObject document) {
    try {
      return document.encode();
    } catch (RuntimeException | StackOverflowError e) {
      // The overflow is a document that contains itself.
      throw new ConfigException(new Problem("document", "not encodable", "JSON values only"));
    }
  }

  // Checked ahead of vertx-config, whose own failures name neither the cause nor the file as typed.
  private static Path readable(String name, Path file) throws IOException {
    if (!Files.exists(file)) {
      throw refused(name, "no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw refused(name, "not a file");
    }
    if (!Files.isReadable(file)) {
      throw refused(name, "not readable: permission denied");
    }
    if (Files.size(file) > StrictJson.MAX_BYTES) {
      throw refused(name, "larger than 1 MiB");
    }
    return file;
  }

  private static ConfigException refused(String name, String sentence) {
    return new ConfigException(Problem.sentence(name, sentence));
  }

  private static Future<String> text(Vertx vertx, String name, Path file) {
    ConfigRetriever retriever = ConfigRetriever.create(vertx, options(name, file, -1));
    return retriever
        .getConfig()
        .map(config -> config.getString(StrictJsonProcessor.TEXT))
        .eventually(retriever::close);
  }

  /** One store, not optional: an optional one turns a broken file into an empty document. */
  static ConfigRetrieverOptions options(String name, Path file, long scanPeriodMillis) {
    JsonObject store =
        new JsonObject().put("path", file.toString()).put(StrictJsonProcessor.NAME, name);
    return new ConfigRetrieverOptions()
        .setScanPeriod(scanPeriodMillis)
        .setIncludeDefaultStores(false)
        .addStore(
            new ConfigStoreOptions()
                .setType("file")
                .setFormat(StrictJsonProcessor.FORMAT)
                .setOptional(false)
                .setConfig(store));
  }

  private static ConfigException explained(String name, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException refused) {
        return refused;
      }
    }
    return refused(name, "not readable: " + failure.getMessage());
  }
}
