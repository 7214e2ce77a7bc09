package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.SmallDisk;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Phase;
import com.huntaze.rollout.canary.Position;
import com.huntaze.rollout.canary.RollbackRecord;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.history.Figures;
import com.huntaze.rollout.history.HistoryPoints;
import com.huntaze.rollout.history.HistoryRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes a part of what is written, and has room again afterwards. */
class FullDiskIT {
  private static final long NOON = 1_764_417_600_000L;

  @TempDir private Path dir;

  private static HistoryRow row(long at) {
    return new HistoryRow(at, 10, "healthy", Figures.UNKNOWN, Figures.UNKNOWN);
  }

  /** The row that did not fit is written again, and stands on a line of its own. */
  @Test
  void aRowThatDidNotFitIsWholeAfterwards() throws Exception {
    try (SmallDisk disk = SmallDisk.at(dir)) {
      HistoryFiles files = new HistoryFiles(dir.resolve("history"), "aa", 1 << 20);
      files.write(row(NOON));
      disk.fill();
      long at = NOON;
      IOException full = null;
      while (full == null) {
        at += 5_000;
        full = failure(files, at);
      }
      disk.empty();
      files.write(row(at));
      files.write(row(at + 5_000));
      HistoryPoints points = new HistoryPoints(NOON, at + 60_000, 500);
      assertThat(files.read(NOON, at + 60_000, points)).as("damaged lines").isZero();
      assertThat(points.all()).extracting(HistoryRow::at).contains(at, at + 5_000);
    }
  }

  private static IOException failure(HistoryFiles files, long at) {
    return (IOException) catchThrowable(() -> files.write(row(at)));
  }

  /** A part of a marker tells less than the process knows. */
  @Test
  void halfAMarkerDoesNotReplaceWhatIsKnownOfTheRollback() throws Exception {
    try (SmallDisk disk = SmallDisk.at(dir)) {
      FileStore store = new FileStore(dir.resolve("state"));
      store.open().toCompletableFuture().join();
      disk.fill();
      assertThat(catchThrowable(() -> store.mark(rollback()).toCompletableFuture().join()))
          .isNotNull();
      for (int look = 0; look < 3; look++) {
        assertThat(store.look().toCompletableFuture().join().markers()).isEmpty();
      }
      store.close().toCompletableFuture().join();
    }
  }

  private static Transition rollback() {
    Epoch epoch = new Epoch(1, "a");
    Position position = new Position(1, 7, new Phase("canary_50"), 1, 50, false, false, 99);
    RollbackRecord record = new RollbackRecord(8, "b", 5, 50, "auto", "error rate 6 % > 5 %");
    return new Transition(
        Transition.Action.ROLLBACK,
        new CanarySnapshot(epoch, null, position),
        new CanarySnapshot(epoch, record, position),
        "auto",
        "error rate 6 % > 5 %",
        5,
        Map.of());
  }
}
