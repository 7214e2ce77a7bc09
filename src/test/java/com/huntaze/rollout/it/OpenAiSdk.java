package com.huntaze.rollout.it;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The clients that others wrote in JavaScript, on Node ({@code src/test/js}), installed once under
 * {@code target} with the versions of their lock file.
 *
 * <p>A test calls {@link #install()} first: without Node it is then skipped with the reason, or
 * fails where {@code CI=true}.
 */
final class OpenAiSdk {
  private static final Path SOURCE = Path.of("src", "test", "js");
  private static final Path INSTALLED = Path.of("target", "js");

  /** The lock file of what is installed. */
  private static final Path MARK = INSTALLED.resolve("installed.json");

  private static final long PATIENCE_SECONDS = 180;
  private static final int MIN_NODE = 18;

  private OpenAiSdk() {}

  /** Installs it, or skips the test with the reason. */
  static void install() throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent() && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(missing.get() + ", and CI=true allows no skip");
    }
    Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElseThrow());
    Files.createDirectories(INSTALLED);
    // Suites in other processes use the same folder.
    try (FileChannel lock =
        FileChannel.open(
            INSTALLED.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      copy(SOURCE, INSTALLED);
      Path wanted = SOURCE.resolve("package-lock.json");
      if (!Files.exists(MARK) || Files.mismatch(MARK, wanted) >= 0) {
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        Files.copy(wanted, MARK, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Starts a program of {@code src/test/js} that reads its orders from standard input. */
  static Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(INSTALLED.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Returns the view of a program that asks the proxy through the SDK. */
  static JsonObject ask(int port, String apiKey, String correlationId, boolean stream)
      throws IOException {
    String kind = stream ? "stream" : "whole";
    String said = run("node", "ask.mjs", Integer.toString(port), apiKey, correlationId, kind);
    return new JsonObject(said);
  }

  private static Optional<String> missing() {
    try {
      String version = run(Path.of("."), "node", "--version").strip();
      int major = Integer.parseInt(version.substring(1, version.indexOf('.')));
      run(Path.of("."), "npm", "--version");
      return major >= MIN_NODE
          ? Optional.empty()
          : Optional.of("node is " + version + " (expected: at least " + MIN_NODE + ")");
    } catch (IOException absent) {
      return Optional.of("node or npm is missing: " + absent.getMessage());
    }
  }

  private static String run(String... command) throws IOException {
    return run(INSTALLED, command);
  }

  private static String run(Path directory, String... command) throws IOException {
    Process process = new ProcessBuilder(command).directory(directory.toFile()).start();
    process.getOutputStream().close();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String wrong = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said + wrong);
      }
      return said;
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    } finally {
      process.destroyForcibly();
    }
  }
}
