package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.Problem;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Loads the configuration. Precedence: flag, environment, file, default; of the environment a
 * variable of its own before the document in {@code ROLLOUT_CONFIG}.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Reads file, environment and flags. The event loop is never blocked.
   *
   * @param file the configuration file or a directory of overlays, or null for the defaults alone
   * @param environment the variables, usually {@code System.getenv()}
   * @param flags the flags of the command line
   * @return the configuration, or a failure with a {@link ConfigException} that has every problem
   */
  public static Future<Loaded> load(
      Vertx vertx, Path file, Map<String, String> environment, Flags flags) {
    return load(vertx, file == null ? null : ConfigPlace.of(file), environment, flags);
  }

  /** The same from any place, or from null. */
  public static Future<Loaded> load(
      Vertx vertx, ConfigPlace place, Map<String, String> environment, Flags flags) {
    if (place == null) {
      SettingsReader reader = new SettingsReader(environment, flags, here());
      return vertx.executeBlocking(() -> reader.read("defaults", "{}", Source.DEFAULT), false);
    }
    String name = place.name();
    Path absolute = place.path().map(path -> path.toAbsolutePath().normalize()).orElse(null);
    Path base = absolute == null ? here() : absolute.getParent();
    if (absolute == null) {
      SettingsReader reader = new SettingsReader(environment, flags, base);
      return document(
          vertx, Source.address(name), options(name, place.address().orElseThrow()), reader);
    }
    return vertx
        .executeBlocking(() -> Files.isDirectory(absolute), false)
        .compose(
            directory -> {
              SettingsReader reader =
                  new SettingsReader(environment, flags, directory ? absolute : base);
              return directory
                  ? directory(vertx, name, absolute, reader)
                  : file(vertx, name, absolute, reader);
            });
  }

  private static Path here() {
    return Path.of("").toAbsolutePath();
  }

  private static Future<Loaded> directory(
      Vertx vertx, String name, Path directory, SettingsReader reader) {
    return vertx
        .executeBlocking(() -> OverlayFiles.read(directory, name), false)
        .recover(failure -> Future.failedFuture(reader.refusal(explained(name, failure))))
        .compose(documents -> vertx.executeBlocking(() -> reader.read(documents), false));
  }

  private static Future<Loaded> file(Vertx vertx, String name, Path file, SettingsReader reader) {
    return vertx
        .executeBlocking(() -> readable(name, file), false)
        .recover(failure -> Future.failedFuture(reader.refusal(explained(name, failure))))
        .compose(path -> document(vertx, Source.file(name), options(name, path, -1), reader));
  }

  private static Future<Loaded> document(
      Vertx vertx, Source source, ConfigRetrieverOptions options, SettingsReader reader) {
    String name = source.name();
    ConfigRetriever retriever = ConfigRetriever.create(vertx, options);
    return retriever
        .getConfig()
        .map(config -> config.getString(StrictJsonProcessor.TEXT))
        .eventually(retriever::close)
        .recover(failure -> Future.failedFuture(reader.refusal(explained(name, failure))))
        .compose(text -> vertx.executeBlocking(() -> reader.read(name, text, source), false));
  }

  /**
   * Reads a document that an embedder made. Blocks: the price file is read, and files that {@code
   * ${file:…}} placeholders name.
   *
   * @throws ConfigException with every problem
   */
  public static Loaded parse(JsonObject document, Map<String, String> environment) {
    return new SettingsReader(environment, Flags.NONE, here())
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

  static ConfigRetrieverOptions options(String name, Path file, long scanPeriodMillis) {
    JsonObject store = new JsonObject().put("path", file.toString());
    return options(name, "file", store).setScanPeriod(scanPeriodMillis);
  }

  private static ConfigRetrieverOptions options(String name, URI address) {
    JsonObject store = new JsonObject().put(HttpDocument.ADDRESS, address.toString());
    return options(name, HttpDocument.TYPE, store).setScanPeriod(-1);
  }

  /** One store, not optional: an optional one turns a broken file into an empty document. */
  private static ConfigRetrieverOptions options(String name, String type, JsonObject store) {
    return new ConfigRetrieverOptions()
        .setIncludeDefaultStores(false)
        .addStore(
            new ConfigStoreOptions()
                .setType(type)
                .setFormat(StrictJsonProcessor.FORMAT)
                .setOptional(false)
                .setConfig(store.put(StrictJsonProcessor.NAME, name)));
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
