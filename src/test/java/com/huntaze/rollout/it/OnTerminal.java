package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged jar on a real terminal. */
final class OnTerminal implements AutoCloseable {
  private final Process process;
  private final StringBuilder said = new StringBuilder();
  private boolean ended;

  private OnTerminal(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "terminal-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** The jar with these arguments. */
  static OnTerminal start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(jar());
    command.addAll(List.of(arguments));
    return launch(environment, command);
  }

  private static List<String> jar() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-jar",
        Path.of(System.getProperty("rollout.jar", "target/rollout-proxy.jar"))
            .toAbsolutePath()
            .toString());
  }

  private static OnTerminal launch(Map<String, String> environment, List<String> typed)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add("/usr/bin/python3");
    command.add(Path.of("src", "test", "python", "on_terminal.py").toAbsolutePath().toString());
    command.addAll(typed);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Path folder = Files.createDirectories(Path.of("target", "it-run"));
    builder.directory(Files.createTempDirectory(folder, "terminal-").toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("AI_") || name.equals("NO_COLOR"));
    builder.environment().put("TERM", "xterm");
    builder.environment().putAll(environment);
    return new OnTerminal(builder.start());
  }

  private void read() {
    try (InputStream in = process.getInputStream()) {
      byte[] piece = new byte[4_096];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        synchronized (said) {
          said.append(new String(piece, 0, read, StandardCharsets.UTF_8));
          said.notifyAll();
        }
      }
    } catch (IOException closed) {
      // What came before it was heard.
    } finally {
      synchronized (said) {
        ended = true;
        said.notifyAll();
      }
    }
  }

  /** All that was printed so far. */
  String said() {
    synchronized (said) {
      return said.toString();
    }
  }

  /** Waits for its end. Returns the exit code. */
  int end() throws InterruptedException {
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(said()).isTrue();
    synchronized (said) {
      while (!ended) {
        said.wait(200);
      }
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    // The command is the terminal's, and ends with it.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
