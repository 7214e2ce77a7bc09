package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.SmallDisk;
import com.huntaze.rollout.Strace;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.lease.AgreedEntry;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A voter's log on a disk that is full for a while. */
class ForcedLogIT {
  @TempDir private Path folder;

  private static LogEntries entry(int length) {
    byte[] bytes = new AgreedEntry.Decide(1, "x".repeat(length)).encode();
    return LogEntries.create(new LogEntry(1, bytes));
  }

  private static ForcedLog open(Path dir) throws Exception {
    ForcedLog log = new ForcedLog();
    log.init(dir.toString(), Map.of());
    return log;
  }

  @Test
  void onceTheDiskHasRefusedAnEntryTheLogIsToBeOpenedAnew() throws Exception {
    Path dir = folder.resolve("log");
    try (SmallDisk disk = SmallDisk.at(dir)) {
      ForcedLog log = open(dir);
      log.append(1, entry(10));
      assertThat(log.isMended()).as("nothing was refused").isFalse();

      disk.fill();
      // Of this a part still fits, behind the first entry.
      assertThatThrownBy(() -> log.append(2, entry(8_192)))
          .hasMessageContaining("the disk did not take entry 2 of the voters' log whole");
      assertThat(log.isMended()).as("it is full").isFalse();
      Waits.until(() -> log.waitsMillis() > 0);

      disk.empty();
      assertThatThrownBy(() -> log.append(2, entry(10)))
          .hasMessageContaining("the disk has refused one before");
      assertThat(log.isMended()).isTrue();
      long waits = log.waitsMillis();
      Waits.until(() -> log.waitsMillis() > waits);
      log.close();

      ForcedLog anew = open(dir);
      assertThat(anew.lastAppended()).isEqualTo(1);
      anew.append(2, entry(8_192));
      assertThat(anew.lastAppended()).isEqualTo(2);
      assertThat(anew.waitsMillis()).isZero();
      assertThat(anew.isMended()).isFalse();
      anew.close();
    }
  }

  /** As a process leaves it that was killed between the two halves of a write. */
  @Test
  void aPartOfAnEntryAtTheEndIsNone() throws Exception {
    Path dir = folder.resolve("torn");
    ForcedLog log = open(dir);
    log.append(1, entry(10));
    log.append(2, entry(1_000));
    log.close();
    Path entries = dir.resolve("entries.raft");
    byte[] bytes = Files.readAllBytes(entries);
    Arrays.fill(bytes, 600, bytes.length, (byte) 0);
    Files.write(entries, bytes);

    ForcedLog anew = open(dir);
    assertThat(anew.lastAppended()).isEqualTo(1);
    anew.append(2, entry(20));
    anew.close();
    ForcedLog again = open(dir);
    assertThat(again.lastAppended()).isEqualTo(2);
    assertThat(AgreedEntry.decode(again.get(2).command()))
        .contains(new AgreedEntry.Decide(1, "x".repeat(20)));
    again.close();
  }

  /** A machine that lost its power has written a later page and not an earlier one. */
  @Test
  void withATornEntryWhatComesBehindItGoes() throws Exception {
    Path dir = folder.resolve("power");
    ForcedLog log = open(dir);
    log.append(1, entry(10));
    log.append(2, entry(1_000));
    log.append(3, entry(10));
    log.close();
    Path entries = dir.resolve("entries.raft");
    byte[] bytes = Files.readAllBytes(entries);
    Arrays.fill(bytes, 400, 600, (byte) 0);
    Files.write(entries, bytes);
    ForcedLog anew = open(dir);
    assertThat(anew.lastAppended()).isEqualTo(1);
    anew.close();
  }

  /** Of a large entry the file may end before it does. */
  @Test
  void anEntryBeyondTheEndOfTheFileIsNone() throws Exception {
    Path dir = folder.resolve("short");
    ForcedLog log = open(dir);
    log.append(1, entry(10));
    log.append(2, entry(9_000));
    log.close();
    try (FileChannel file =
        FileChannel.open(dir.resolve("entries.raft"), StandardOpenOption.WRITE)) {
      file.truncate(5_000);
    }
    ForcedLog anew = open(dir);
    assertThat(anew.lastAppended()).isEqualTo(1);
    anew.append(2, entry(20));
    assertThat(anew.lastAppended()).isEqualTo(2);
    anew.close();
  }

  /** A voter that has voted in a term must not go back to one before it, and vote once more. */
  @Test
  void aTermThatWasHeardStaysWhenItsEntryIsCutOff() throws Exception {
    Path dir = folder.resolve("term");
    ForcedLog log = open(dir);
    log.currentTerm(1);
    log.append(1, entry(10));
    log.currentTerm(9);
    byte[] bytes = new AgreedEntry.Confirm(9).encode();
    log.append(2, LogEntries.create(new LogEntry(9, bytes)));
    log.deleteAllEntriesStartingFrom(2);
    assertThat(log.currentTerm()).isEqualTo(9);
    log.close();
    ForcedLog anew = open(dir);
    assertThat(anew.currentTerm()).isEqualTo(9);
    anew.close();
  }

  /** The beginning of a log that a snapshot has goes, and the rest is another file then. */
  @Test
  void aLogWithoutItsBeginningGoesOn() throws Exception {
    Path dir = folder.resolve("snapshot");
    ForcedLog log = open(dir);
    for (int i = 1; i <= 5; i++) {
      log.append(i, entry(i));
    }
    log.commitIndex(4);
    log.truncate(4);
    log.append(6, entry(6));
    log.close();
    ForcedLog anew = open(dir);
    assertThat(anew.firstAppended()).isEqualTo(4);
    assertThat(anew.lastAppended()).isEqualTo(6);
    anew.close();
  }

  /** A disk that fails to keep an entry is heard: JGroups itself passes over it. */
  @Test
  void anEntryThatTheDiskDoesNotKeepIsRefused() throws Exception {
    Strace.require();
    List<String> command = new ArrayList<>(Strace.fails("fdatasync", "EIO", 4));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ForcedLogScript.class.getName(),
            folder.resolve("broken").toString()));
    Process script =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String told = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(told.lines())
        .containsExactly("taken 1", "taken 2", "refused 3", "refused 4", "refused 5");
    ForcedLog anew = open(folder.resolve("broken"));
    assertThat(anew.lastAppended()).isEqualTo(2);
    anew.close();
  }
}
