package com.huntaze.rollout.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The AI router under real FastAPI and uvicorn ({@code src/test/python/router.py}), as a process of
 * its own on a free loopback port.
 *
 * <p>A test calls {@link #require()} first: without FastAPI it is then skipped with the reason, or
 * fails where {@code CI=true}.
 */
public final class PythonRouter implements AutoCloseable {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path SCRIPT = Path.of("src", "test", "python", "router.py");
  private static final String LISTENING = "LISTENING ";
  private static final long START_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final int port;

  private PythonRouter(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    this.port = awaitPort();
  }

  /**
   * Starts a router and waits until it accepts connections.
   *
   * @param environment variables for it, such as {@code AI_ROUTER_API_KEY} and {@code
   *     ROUTER_STREAMS}
   * @throws IOException when it does not start; the message ends with what it wrote
   */
  public static PythonRouter start(Map<String, String> environment) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "python-router"));
    Path log = Files.createTempFile(folder, "router-", ".log");
    ProcessBuilder builder = new ProcessBuilder(PYTHON, SCRIPT.toString(), "--port", "0");
    builder.redirectError(log.toFile());
    builder.environment().keySet().removeIf(PythonRouter::isSetting);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      return new PythonRouter(process, log);
    } catch (IOException failure) {
      process.destroyForcibly();
      throw failure;
    }
  }

  /** Returns the reason for which a router cannot run here; empty when it can. */
  public static Optional<String> missing() {
    return Missing.REASON;
  }

  /** Skips the test with the reason when a router cannot run here, or fails it in CI. */
  public static void require() {
    if (missing().isPresent() && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(missing().get() + ", and CI=true allows no skip");
    }
    Assumptions.assumeTrue(missing().isEmpty(), () -> missing().orElseThrow());
  }

  /** The loopback port that it listens on. */
  public int port() {
    return port;
  }

  /** Its process, to stop or to look at. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Kills it at once. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private int awaitPort() throws IOException {
    String line;
    try {
      line = CompletableFuture.supplyAsync(this::firstLine).get(START_SECONDS, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new IOException("the router did not start: " + Files.readString(log), failure);
    }
    if (line == null || !line.startsWith(LISTENING)) {
      throw new IOException("the router said " + line + ": " + Files.readString(log));
    }
    return Integer.parseInt(line.substring(LISTENING.length()));
  }

  private String firstLine() {
    try {
      BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
      return reader.readLine();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A router sees the settings of its test only, not those of the machine. */
  private static boolean isSetting(String variable) {
    return variable.equals("AI_ROUTER_API_KEY") || variable.startsWith("ROUTER_");
  }

  /** Asked once per JVM. */
  private static final class Missing {
    private static final Optional<String> REASON = find();

    private static Optional<String> find() {
      if (!Files.isExecutable(Path.of(PYTHON))) {
        return Optional.of(PYTHON + " is missing");
      }
      try {
        Process check =
            new ProcessBuilder(PYTHON, "-c", "import fastapi, uvicorn")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = check.waitFor(START_SECONDS, TimeUnit.SECONDS);
        if (ended && check.exitValue() == 0) {
          return Optional.empty();
        }
        check.destroyForcibly();
        return Optional.of(PYTHON + " has no fastapi and uvicorn (Debian: python3-fastapi)");
      } catch (IOException | InterruptedException failure) {
        return Optional.of(PYTHON + " does not run: " + failure.getMessage());
      }
    }
  }
}
