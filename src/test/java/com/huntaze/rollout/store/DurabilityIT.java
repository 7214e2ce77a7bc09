package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Strace;
import com.huntaze.rollout.store.ScriptRun.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a process of twenty transitions at its system calls and at random, and fails its disk. Each
 * kill is one start of a JVM: {@code -Drollout.heavy=true} does them all, else a part of them.
 */
@Tag("full")
@Tag("heavy")
class DurabilityIT {
  private static final boolean HEAVY = Boolean.getBoolean("rollout.heavy");
  private static final int RANDOM_KILLS = HEAVY ? 100 : 4;
  private static final int STEP = HEAVY ? 1 : 40;

  @TempDir private Path temporary;

  @BeforeAll
  static void require() {
    Strace.require();
  }

  private Path dir(String name) {
    return temporary.resolve(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fsync", "rename", "link"})
  void losesNothingWhenKilledAtASystemCall(String call) throws Exception {
    int killed = 0;
    boolean ended = false;
    for (int index = 1; !ended; index += STEP) {
      Path dir = dir(call + index);
      ScriptRun run = ScriptRun.start(Strace.kills(call, index), dir, 1).toItsEnd();
      ended = run.ended();
      killed += ended ? 0 : 1;
      run.assertNothingLost(dir);
    }
    assertThat(killed).isGreaterThanOrEqualTo(HEAVY ? 15 : 1);
  }

  /** Files that are not there yet, and that are empty. */
  @ParameterizedTest
  @ValueSource(strings = {"openat", "write"})
  void losesNothingWhenItsStoreIsKilledAtACallOfItsOwn(String call) throws Exception {
    int killed = 0;
    boolean ended = false;
    for (int index = 1; !ended; index += STEP) {
      Path dir = dir("own-" + call + index);
      ScriptRun run = ScriptRun.killedIn(dir, call, index);
      ended = run.ended();
      killed += ended ? 0 : 1;
      run.assertNothingLost(dir);
    }
    assertThat(killed).isGreaterThanOrEqualTo(HEAVY ? 15 : 1);
  }

  @Test
  void losesNothingWhenKilledAtRandom() throws Exception {
    SplittableRandom random = new SplittableRandom(20_261_124);
    Path dir = dir("random");
    for (int i = 0; i < RANDOM_KILLS; i++) {
      // The same directory goes on and on, as that of a process that is restarted does.
      ScriptRun.start(List.of(), dir, 50)
          .killedAfter(1 + random.nextInt(120), random.nextInt(3_000))
          .assertNothingLost(dir);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fsync, EIO, 1",
    "fsync, EIO, 8",
    "fsync, ENOSPC, 9",
    "rename, EROFS, 7",
    "rename, ENOSPC, 12"
  })
  void refusesPromotionsAndStillRollsBackWhenTheDiskFails(String call, String error, int from)
      throws Exception {
    Path dir = dir(call + error + from);
    ScriptRun run = ScriptRun.start(Strace.fails(call, error, from), dir, 1).toItsEnd();
    assertThat(run.ended()).isTrue();
    Said before = null;
    boolean failed = false;
    for (Said said : run.said()) {
      failed |= said.what().equals("REFUSED");
      if (failed && before != null) {
        assertThat(said.percentage())
            .as("raised without a disk, by %s", before.what())
            .isLessThanOrEqualTo(before.percentage());
      }
      if (before != null && before.what().equals("BEGIN_Rollback")) {
        assertThat(said.percentage()).as("a rollback is always in force").isZero();
      }
      before = said;
    }
    assertThat(failed).isTrue();
  }

  @Test
  void namesAFileAfterItsBytesAreForcedAndAcknowledgesAfterTheDirectoryIs() throws Exception {
    Path trace = dir("trace");
    Path dir = dir("traced");
    ScriptRun run = ScriptRun.start(Strace.traces(trace), dir, 1).toItsEnd();
    assertThat(run.ended()).isTrue();
    List<String> calls = calls(trace, dir);
    List<String> steps = List.of("create", "fsync", "rename", "fsync-dir", "ack");
    int acknowledged = 0;
    List<String> sinceAck = new ArrayList<>();
    for (String call : calls) {
      sinceAck.add(call);
      if (call.equals("ack")) {
        acknowledged++;
        assertThat(sinceAck)
            .as("before acknowledgement %d", acknowledged)
            .containsSubsequence(
                isMarkerOnly(sinceAck) ? List.of("create", "fsync", "fsync-dir", "ack") : steps);
        sinceAck.clear();
      }
    }
    assertThat(acknowledged).isEqualTo(TransitionScript.SCRIPT.size());
  }

  /** A marker is created under its own name: there is nothing to rename. */
  private static boolean isMarkerOnly(List<String> calls) {
    return !calls.contains("rename");
  }

  /** The calls that count, by what they do. */
  private static List<String> calls(Path trace, Path dir) throws IOException {
    Pattern open =
        Pattern.compile(".*openat\\(AT_FDCWD, \"(" + dir + "[^\"]*)\", ([^)]*)\\) += (\\d+)");
    Pattern sync = Pattern.compile(".*fsync\\((\\d+)\\).* = 0");
    List<String> calls = new ArrayList<>();
    String dirDescriptor = "";
    for (String line : joined(Files.readAllLines(trace))) {
      Matcher opened = open.matcher(line);
      Matcher synced = sync.matcher(line);
      if (opened.matches()) {
        boolean isDir = opened.group(1).equals(dir.toString());
        dirDescriptor = isDir ? opened.group(3) : dirDescriptor;
        if (opened.group(2).contains("O_EXCL")) {
          calls.add("create");
          dirDescriptor = "";
        }
      } else if (synced.matches()) {
        calls.add(synced.group(1).equals(dirDescriptor) ? "fsync-dir" : "fsync");
      } else if (line.contains(" rename(") && line.contains("/state.json\"")) {
        calls.add("rename");
      } else if (line.matches(".*write\\(1, \"ACK.*")) {
        calls.add("ack");
      }
    }
    return calls;
  }

  /** strace splits a call in two lines when another thread's comes in between. */
  private static List<String> joined(List<String> lines) {
    List<String> whole = new ArrayList<>();
    Map<String, String> begun = new HashMap<>();
    for (String line : lines) {
      String thread = line.split(" ", 2)[0];
      if (line.endsWith("<unfinished ...>")) {
        begun.put(thread, line.replace(" <unfinished ...>", ""));
      } else if (line.contains("resumed>")) {
        whole.add(begun.remove(thread) + line.replaceFirst(".*resumed>", ""));
      } else {
        whole.add(line);
      }
    }
    return whole;
  }
}
