package com.huntaze.rollout.watch;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something happens in the directories of some files, from a thread of its own. Where
 * that cannot be had, as on some network file systems, it tells of nothing: somebody polls as well.
 */
final class DirectoryWatch {
  private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

  private static final long PAUSE_MILLIS = 50;

  private final WatchService service;
  private final CountDownLatch ended;

  private DirectoryWatch(WatchService service, CountDownLatch ended) {
    this.service = service;
    this.ended = ended;
  }

  /**
   * Begins to watch.
   *
   * @param files at least one, some of which may not be there
   * @param happened called on the caller's context, often and for no reason too
   */
  static DirectoryWatch of(Vertx vertx, Collection<Path> files, Runnable happened) {
    Context context = vertx.getOrCreateContext();
    CountDownLatch ended = new CountDownLatch(1);
    WatchService service = null;
    try {
      service = files.iterator().next().getFileSystem().newWatchService();
      WatchService watched = service;
      Thread thread =
          new Thread(
              () -> {
                register(watched, files);
                run(watched, ended, () -> context.runOnContext(turn -> happened.run()));
              },
              "file-watch");
      thread.setDaemon(true);
      thread.start();
    } catch (IOException | UnsupportedOperationException none) {
      log.debug("Directories cannot be watched, files are polled", none);
    }
    return new DirectoryWatch(service, ended);
  }

  private static void register(WatchService service, Collection<Path> files) {
    files.stream()
        .flatMap(file -> Stream.of(file.getParent(), file))
        .filter(Objects::nonNull)
        .filter(Files::isDirectory)
        .distinct()
        .forEach(directory -> register(service, directory));
  }

  private static void register(WatchService service, Path directory) {
    try {
      directory.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException | ClosedWatchServiceException unwatchable) {
      log.debug("{} cannot be watched, it is polled", directory, unwatchable);
    }
  }

  private static void run(WatchService service, CountDownLatch ended, Runnable happened) {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        happened.run();
        // In a directory that a log is written to as well, something happens with every line.
        ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException over) {
      // The process or the proxy ends.
    }
  }

  void end() {
    ended.countDown();
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException failed) {
      log.debug("The watch of directories did not close", failed);
    }
  }
}
