package com.huntaze.rollout.it;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A class-data archive of the packaged jar, as docs/operations.md has it made: a start takes half
 * of the processors' time with it. Made once for each jar, by whichever test process comes first.
 */
final class ClassArchive {
  private static final int SECONDS = 60;

  /** Of processes that live for a minute: to compile and collect at leisure costs them more. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final String SETTINGS =
      """
      {"server": {"host": "127.0.0.1", "port": 0}, "admin": {"port": 0}, "state": {"dir": ""},
       "drain": {"delay": "0s", "timeout": "1s"},
       "providers": {"foundry": {"url": "http://127.0.0.1:9"},
                     "legacy": {"url": "http://127.0.0.1:9"}}}
      """;

  private ClassArchive() {}

  /**
   * Returns the JVM's options of a process of the jar that lives for as long as a test.
   *
   * @param more others of its own
   */
  static List<String> shortLived(List<String> more) throws IOException {
    List<String> options = new ArrayList<>(SHORT_LIVED);
    Path jar = Path.of(System.getProperty("rollout.jar", "target/rollout-proxy.jar"));
    if (Files.isRegularFile(jar)) {
      options.add("-XX:SharedArchiveFile=" + of(jar.toAbsolutePath()));
    }
    options.addAll(more);
    return options;
  }

  private static Path of(Path jar) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "it-archive")).toAbsolutePath();
    String name = "%x-%x.jsa".formatted(Files.size(jar), Files.getLastModifiedTime(jar).toMillis());
    Path archive = folder.resolve(name);
    synchronized (ClassArchive.class) {
      try (FileChannel lock =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = lock.lock()) {
        if (held.isValid() && !Files.exists(archive)) {
          make(jar, archive);
        }
      }
    }
    return archive;
  }

  private static void make(Path jar, Path archive) throws IOException {
    Path part = archive.resolveSibling(archive.getFileName() + ".part");
    Path settings = Files.writeString(archive.resolveSibling("proxy.json"), SETTINGS);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:disable",
                "-XX:ArchiveClassesAtExit=" + part,
                "-jar",
                jar.toString(),
                "run",
                "--config",
                settings.toString())
            .redirectErrorStream(true)
            .start();
    // Whoever hangs ends with what is printed so far, and without an archive.
    CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try (var lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("listens")) {
          // Process.destroy would close what it prints, too.
          process.toHandle().destroy();
        }
      }
      if (process.waitFor(SECONDS, TimeUnit.SECONDS) && Files.exists(part)) {
        Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
