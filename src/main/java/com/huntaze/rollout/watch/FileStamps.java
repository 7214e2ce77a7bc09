package com.huntaze.rollout.watch;

import io.vertx.config.spi.ConfigStore;
import io.vertx.config.spi.ConfigStoreFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A store of vertx-config whose content is what files look like from outside and a checksum of what
 * is in them, never the content itself: it is compared, and kept for as long as the process runs.
 * Public for the service loader only.
 */
public final class FileStamps implements ConfigStoreFactory {
  static final String TYPE = "rollout-files";

  /** The key of the store's configuration that lists the paths. */
  static final String FILES = "files";

  /** The files that are meant by their directory, and how many of them are looked at. */
  private static final String ENDING = ".json";

  private static final int MOST = 1_000;

  /** A file that is larger is known by its time and size alone. */
  private static final int MAX_BYTES = 1 << 20;

  /** For the service loader. */
  public FileStamps() {}

  @Override
  public String name() {
    return TYPE;
  }

  @Override
  public ConfigStore create(Vertx vertx, JsonObject configuration) {
    JsonArray names = configuration.getJsonArray(FILES);
    List<Path> paths = names.stream().map(name -> Path.of((String) name)).toList();
    return new Store(vertx, paths);
  }

  private static final class Store implements ConfigStore {
    private final Vertx vertx;
    private final List<Path> paths;

    /** The look that has not ended: on a file system that hangs no second one waits behind it. */
    private Future<Buffer> looking = Future.succeededFuture();

    private Store(Vertx vertx, List<Path> paths) {
      this.vertx = vertx;
      this.paths = paths;
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Buffer> get() {
      if (looking.isComplete()) {
        looking = vertx.executeBlocking(this::stamps, false);
      }
      return looking;
    }

    private Buffer stamps() {
      JsonObject stamps = new JsonObject();
      paths.forEach(path -> stamps.put(path.toString(), stamp(path)));
      return stamps.toBuffer();
    }

    private static String stamp(Path path) {
      try {
        BasicFileAttributes of = Files.readAttributes(path, BasicFileAttributes.class);
        String outside = of.lastModifiedTime() + " " + of.size() + " " + of.fileKey();
        if (of.isDirectory()) {
          return outside + inside(path);
        }
        // Two writes within the clock's grain look the same from outside.
        return of.isRegularFile() && of.size() <= MAX_BYTES
            ? outside + " " + checksum(path)
            : outside;
      } catch (IOException | UncheckedIOException gone) {
        return "gone";
      }
    }

    /** The files in a directory: one of them may change, and the directory look the same. */
    private static String inside(Path directory) throws IOException {
      StringBuilder stamps = new StringBuilder();
      try (Stream<Path> all = Files.list(directory)) {
        all.filter(path -> path.getFileName().toString().endsWith(ENDING))
            .filter(path -> !Files.isDirectory(path))
            .sorted()
            .limit(MOST)
            .forEach(
                path ->
                    stamps.append('\n').append(path.getFileName()).append(' ').append(stamp(path)));
      }
      return stamps.toString();
    }

    private static String checksum(Path path) throws IOException {
      CRC32 checksum = new CRC32();
      checksum.update(Files.readAllBytes(path));
      return Long.toHexString(checksum.getValue());
    }
  }
}
