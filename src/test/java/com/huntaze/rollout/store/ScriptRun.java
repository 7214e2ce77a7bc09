package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Strace;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.Transition;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@link TransitionScript} as a process of its own, and what its parent saw of it. */
final class ScriptRun {
  /** The form of its lines; the rest are log lines. */
  private static final String SAID = "[A-Za-z_]+( \\d+){4}";

  private final Process process;
  private final List<String> lines = new ArrayList<>();

  private ScriptRun(Process process) {
    this.process = process;
  }

  /** One line that it printed: where it stood then. */
  record Said(String what, long epoch, long seq, int percentage, boolean rolledBack) {
    static Said of(String line) {
      String[] parts = line.split(" ");
      return new Said(
          parts[0],
          Long.parseLong(parts[1]),
          Long.parseLong(parts[2]),
          Integer.parseInt(parts[3]),
          parts[4].equals("1"));
    }
  }

  static ScriptRun start(List<String> before, Path dir, int rounds, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TransitionScript.class.getName(), dir.toString(), "" + rounds));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return new ScriptRun(builder.start());
  }

  /** As {@link #start}, killed when the store's own thread makes its so many-th call of a kind. */
  static ScriptRun killedIn(Path dir, String call, int index) throws Exception {
    ScriptRun run = start(List.of(), dir, 1, "wait");
    BufferedReader out = run.process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      run.lines.add(line);
      if (line.startsWith("RECOVERED")) {
        Strace.kills(run.process.pid(), "rollout-store", call, index);
        run.process.getOutputStream().write('\n');
        run.process.getOutputStream().flush();
      }
    }
    assertThat(run.process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    return run;
  }

  /** Reads all that it prints until it ends. */
  ScriptRun toItsEnd() throws IOException, InterruptedException {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    }
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    return this;
  }

  /** Reads until so many lines have come, kills it, and reads what it still had said. */
  ScriptRun killedAfter(int count, long micros) throws IOException, InterruptedException {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (lines.size() == count) {
          Waits.pause(Duration.ofNanos(micros * 1_000));
          // Not the process itself, which would close what it has still to say.
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();
    return this;
  }

  boolean ended() {
    return lines.contains("END");
  }

  List<Said> said() {
    return lines.stream().filter(line -> line.matches(SAID)).map(Said::of).toList();
  }

  /** Returns the state that a restart finds, with its markers. */
  static CanarySnapshot recover(Path dir) {
    FileStore store = new FileStore(dir);
    try {
      Recovered found = store.open().toCompletableFuture().join();
      assertThat(found.damage()).as("damage").isEmpty();
      assertThat(found.leads()).as("the lock of a killed process is free").isTrue();
      Rollout rollout = TransitionScript.recovered(found);
      CanarySnapshot snapshot = rollout.snapshot();
      for (Transition marker : found.markers()) {
        snapshot = snapshot.merge(marker.after());
      }
      return snapshot;
    } finally {
      store.close().toCompletableFuture().join();
    }
  }

  /**
   * No acknowledged transition is lost, and nothing is above what was committed: what is recovered
   * is what was acknowledged last, or the one change that was begun after it.
   */
  void assertNothingLost(Path dir) {
    List<Said> said = said();
    CanarySnapshot found = recover(dir);
    Said last = null;
    String begun = null;
    for (Said each : said) {
      if (each.what().startsWith("BEGIN")) {
        begun = each.what();
      } else {
        last = each;
        begun = null;
      }
    }
    if (last == null) {
      assertThat(found.percentage()).isZero();
      return;
    }
    boolean same =
        found.epoch().number() == last.epoch()
            && found.percentage() == last.percentage()
            && found.rolledBack() == last.rolledBack()
            && found.position().seq() >= last.seq();
    boolean next = begun != null && isNext(found, last, begun);
    assertThat(same || next).as("recovered %s after %s, begun: %s", found, last, begun).isTrue();
  }

  /** Returns whether a change that was begun, and not acknowledged, is there all the same. */
  private static boolean isNext(CanarySnapshot found, Said last, String begun) {
    return switch (begun) {
      case "BEGIN_Rollback" -> found.rolledBack() && found.epoch().number() == last.epoch();
      case "BEGIN_Reset" -> found.epoch().number() == last.epoch() + 1 && found.percentage() == 0;
      case "BEGIN_Start" ->
          last.rolledBack() == (found.epoch().number() == last.epoch() + 1)
              && found.percentage() <= Math.max(10, last.percentage());
      default ->
          found.epoch().number() == last.epoch()
              && found.position().seq() == last.seq() + 1
              && !last.rolledBack();
    };
  }
}
