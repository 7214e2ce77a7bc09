package com.huntaze.rollout.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Notices when the configuration's files change: written in place, renamed over, or behind a
 * symbolic link that is swapped, as a Kubernetes ConfigMap does. vertx-config polls them, once a
 * second; the directories are watched as well, so that most changes are noticed at once.
 *
 * <p>It tells of a change when the files have been still for a moment: a file that is just being
 * written is not told about half-way, unless its writer never stops.
 */
public final class ConfigWatch {
  private static final long POLL_MILLIS = 1_000;
  private static final long STIR_MILLIS = 50;
  private static final long STILL_MILLIS = 150;
  private static final long LONGEST_MILLIS = 2_000;

  private final Vertx vertx;
  private final Runnable changed;
  private final ConfigRetriever files;
  private final DirectoryWatch directories;

  /** The state of the files when they were told about last. */
  private JsonObject told;

  private JsonObject seen;
  private long movingSince;
  private boolean stirred;
  private boolean waiting;
  private boolean ended;

  private ConfigWatch(Vertx vertx, List<Path> paths, Runnable changed) {
    this.vertx = vertx;
    this.changed = changed;
    this.files = ConfigRetriever.create(vertx, options(paths));
    this.directories = DirectoryWatch.of(vertx, paths, this::stir);
  }

  /**
   * Begins to watch, on the caller's context. It tells of a change once to begin with, for there
   * may have been one since the files were read.
   *
   * @param files the configuration's own file or directory, and the files that it depends on, some
   *     of which may not be there; at least one
   * @param changed called on that context
   */
  public static ConfigWatch start(Vertx vertx, Collection<Path> files, Runnable changed) {
    List<Path> all =
        files.stream().map(path -> path.toAbsolutePath().normalize()).distinct().sorted().toList();
    ConfigWatch watch = new ConfigWatch(vertx, all, changed);
    watch.files.configStream().handler(watch::look);
    watch.files.getConfig();
    return watch;
  }

  private static ConfigRetrieverOptions options(List<Path> paths) {
    JsonArray names = new JsonArray();
    paths.forEach(path -> names.add(path.toString()));
    return new ConfigRetrieverOptions()
        .setScanPeriod(POLL_MILLIS)
        .setIncludeDefaultStores(false)
        .addStore(
            new ConfigStoreOptions()
                .setType(FileStamps.TYPE)
                .setConfig(new JsonObject().put(FileStamps.FILES, names)));
  }

  /** Something happens in a directory, in which much may happen: it is looked at now and then. */
  private void stir() {
    if (!stirred && !ended) {
      stirred = true;
      vertx.setTimer(
          STIR_MILLIS,
          later -> {
            stirred = false;
            files.getConfig();
          });
    }
  }

  private void look(JsonObject stamps) {
    seen = stamps;
    if (waiting || stamps.equals(told)) {
      return;
    }
    movingSince = System.nanoTime();
    await();
  }

  private void await() {
    waiting = true;
    JsonObject before = seen;
    vertx.setTimer(
        STILL_MILLIS,
        later ->
            files
                .getConfig()
                .onComplete(now -> settle(before, now), failed -> settle(before, before)));
  }

  private void settle(JsonObject before, JsonObject now) {
    if (ended) {
      return;
    }
    seen = now;
    boolean still = now.equals(before);
    boolean late = System.nanoTime() - movingSince > LONGEST_MILLIS * 1_000_000;
    if (!still && !late) {
      await();
      return;
    }
    waiting = false;
    told = seen;
    changed.run();
  }

  /** Watches no more. */
  public void end() {
    ended = true;
    directories.end();
    files.close();
  }
}
