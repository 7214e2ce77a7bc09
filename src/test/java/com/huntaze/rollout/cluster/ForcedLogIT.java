package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.SmallDisk;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.lease.AgreedEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
}
