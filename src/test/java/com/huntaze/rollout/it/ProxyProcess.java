package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged jar as a process of its own, as its users run it. */
final class ProxyProcess implements AutoCloseable {
  private static final long START_SECONDS = 180;
  private static final Pattern PROXY =
      Pattern.compile("  Proxy +https?://127\\.0\\.0\\.1:(\\d+)/.*");
  private static final Pattern ADMIN =
      Pattern.compile("  Metrics +http://127\\.0\\.0\\.1:(\\d+)/.*");

  /** The same as a line of the log, with {@code LOG_FORMAT=json}. */
  private static final Pattern BOTH =
      Pattern.compile(".* listens: proxy http://[0-9.]+:(\\d+).*, admin http://[0-9.]+:(\\d+).*");

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final CompletableFuture<Integer> adminPort = new CompletableFuture<>();
  private final CompletableFuture<Void> bannerEnd = new CompletableFuture<>();
  private boolean ended;

  private ProxyProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "proxy-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** The output of a command, and its end. */
  record Ended(int code, String output) {}

  /** Runs a command to its end. */
  static Ended run(Map<String, String> environment, String... arguments) throws Exception {
    return run(List.of(), environment, arguments);
  }

  /** The same with options for its JVM. */
  static Ended run(List<String> jvmOptions, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> all = ClassArchive.shortLived(jvmOptions);
    try (ProxyProcess process = launch(List.of(), all, environment, arguments)) {
      if (!process.process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running: " + process.output());
      }
      process.awaitOutput();
      return new Ended(process.process.exitValue(), process.output());
    }
  }

  /**
   * Starts a proxy and waits until it says where it listens. Its JVM has the options of one that
   * lives for as long as a test.
   *
   * @param jvmOptions others
   */
  static ProxyProcess start(
      List<String> jvmOptions, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> all = ClassArchive.shortLived(jvmOptions);
    return started(launch(List.of(), all, environment, arguments));
  }

  /** The same with these options alone, where it matters what a JVM does by itself. */
  static ProxyProcess startAsShipped(
      List<String> jvmOptions, Map<String, String> environment, String... arguments)
      throws Exception {
    return started(launch(List.of(), jvmOptions, environment, arguments));
  }

  /** The same as a child of {@code nohup}: it inherits that hangups are ignored. */
  static ProxyProcess startUnderNohup(String... arguments) throws Exception {
    List<String> shell = List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh");
    return started(launch(shell, List.of(), Map.of(), arguments));
  }

  private static ProxyProcess started(ProxyProcess proxy) throws Exception {
    try {
      proxy.port.get(START_SECONDS, TimeUnit.SECONDS);
      proxy.adminPort.get(START_SECONDS, TimeUnit.SECONDS);
      proxy.bannerEnd.get(START_SECONDS, TimeUnit.SECONDS);
      return proxy;
    } catch (TimeoutException late) {
      proxy.close();
      throw new AssertionError("not started: " + proxy.output(), late);
    }
  }

  private static ProxyProcess launch(
      List<String> before,
      List<String> jvmOptions,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    Path jar = Path.of(System.getProperty("rollout.jar", "target/rollout-proxy.jar"));
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    for (String argument : arguments) {
      boolean file = !argument.isEmpty() && Files.isRegularFile(Path.of(argument));
      command.add(file ? Path.of(argument).toAbsolutePath().toString() : argument);
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Each has a state directory of its own, unless its configuration names one.
    Path folder = Files.createDirectories(Path.of("target", "it-run"));
    builder.directory(Files.createTempDirectory(folder, "proxy-").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AI_"));
    builder.environment().putAll(environment);
    return new ProxyProcess(builder.start());
  }

  /** Writes a configuration where the process can read it. */
  static Path configuration(String json) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "it-config"));
    return Files.writeString(Files.createTempFile(folder, "proxy-", ".json"), json);
  }

  int port() {
    return port.join();
  }

  int adminPort() {
    return adminPort.join();
  }

  Process process() {
    return process;
  }

  /** Sends a signal, such as {@code STOP}. */
  void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -%s: no such process".formatted(name));
    }
  }

  /** All that was printed so far. */
  String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /**
   * Waits until something was printed: the log is written by another thread, and read by a third.
   */
  void awaitOutput(String... parts) {
    Waits.until(this::output, output -> List.of(parts).stream().allMatch(output::contains));
  }

  /** All that was printed by a process that has ended. */
  String finalOutput() throws InterruptedException {
    awaitOutput();
    return output();
  }

  private void awaitOutput() throws InterruptedException {
    synchronized (lines) {
      while (!ended) {
        lines.wait(1_000);
      }
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
        complete(PROXY.matcher(line), port);
        complete(ADMIN.matcher(line), adminPort);
        Matcher both = BOTH.matcher(line);
        if (both.matches()) {
          port.complete(Integer.valueOf(both.group(1)));
          adminPort.complete(Integer.valueOf(both.group(2)));
          bannerEnd.complete(null);
        }
        if (line.strip().startsWith("-d '")) {
          bannerEnd.complete(null);
        }
      }
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    } finally {
      port.completeExceptionally(new IOException("ended: " + output()));
      adminPort.completeExceptionally(new IOException("ended: " + output()));
      bannerEnd.completeExceptionally(new IOException("ended: " + output()));
      synchronized (lines) {
        ended = true;
        lines.notifyAll();
      }
    }
  }

  private static void complete(Matcher line, CompletableFuture<Integer> found) {
    if (line.matches()) {
      found.complete(Integer.valueOf(line.group(1)));
    }
  }

  /** Kills it at once. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
