package com.huntaze.rollout.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.history.Figures;
import com.huntaze.rollout.history.HistoryLine;
import com.huntaze.rollout.history.HistoryPoints;
import com.huntaze.rollout.history.HistoryRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFilesTest {
  private static final long NOON = 1_764_417_600_000L;

  @TempDir Path folder;

  private Path dir() {
    return folder.resolve("history");
  }

  private static HistoryRow row(long at) {
    return new HistoryRow(at, 10, "healthy", Figures.UNKNOWN, Figures.UNKNOWN);
  }

  private List<Path> kept() throws IOException {
    try (var files = Files.list(dir())) {
      return files.sorted().toList();
    }
  }

  private long bytes() throws IOException {
    long sum = 0;
    for (Path each : kept()) {
      sum += Files.size(each);
    }
    return sum;
  }

  @Test
  void rowsOfAllReplicasAreRead() throws IOException {
    HistoryFiles one = new HistoryFiles(dir(), "aa", 1 << 20);
    HistoryFiles other = new HistoryFiles(dir(), "bb", 1 << 20);
    one.write(row(NOON));
    other.write(row(NOON + 5_000));
    one.write(row(NOON + 10_000));
    HistoryPoints points = new HistoryPoints(NOON, NOON + 60_000, 500);
    assertThat(other.read(NOON, NOON + System.currentTimeMillis(), points)).isZero();
    assertThat(points.all())
        .extracting(HistoryRow::at)
        .containsExactly(NOON, NOON + 5_000, NOON + 10_000);
    assertThat(kept()).hasSize(2);
  }

  /** A volume that is gone: whoever makes its directory anew hides that the state is lost. */
  @Test
  void aStateDirectoryThatIsLostDoesNotComeBackByItsHistory() throws IOException {
    Path state = Files.createDirectory(folder.resolve("state"));
    HistoryFiles files = new HistoryFiles(state.resolve("history"), "aa", 1 << 20);
    Files.delete(state);
    assertThatThrownBy(() -> files.write(row(NOON))).isInstanceOf(NoSuchFileException.class);
    assertThat(state).doesNotExist();
    Files.createDirectory(state);
    files.write(row(NOON));
    assertThat(state.resolve("history")).isDirectory();
  }

  /** The first row of a file did not fit whole, and is written once more. */
  @Test
  void halfARowIsNoPartOfTheNextOne() throws IOException {
    byte[] line = HistoryLine.write(row(NOON));
    Files.createDirectories(dir());
    Files.write(dir().resolve("%013d-aa.log".formatted(NOON)), Arrays.copyOf(line, 20));
    HistoryFiles files = new HistoryFiles(dir(), "aa", 1 << 20);
    files.write(row(NOON));
    HistoryPoints points = new HistoryPoints(NOON, NOON + 60_000, 500);
    assertThat(files.read(NOON, Long.MAX_VALUE, points)).as("damaged lines").isOne();
    assertThat(points.all()).extracting(HistoryRow::at).containsExactly(NOON);
  }

  @Test
  void theOldestGoesWhenThereIsTooMuch() throws IOException {
    HistoryFiles files = new HistoryFiles(dir(), "aa", 64 * 1_024);
    for (int i = 0; i < 5_000; i++) {
      files.write(row(NOON + 5_000L * i));
      if (i % 500 == 0) {
        assertThat(bytes()).isLessThanOrEqualTo(64 * 1_024);
      }
    }
    assertThat(bytes()).isBetween(48L * 1_024, 64L * 1_024);
    HistoryPoints points = new HistoryPoints(NOON, NOON + 25_000_000, 500);
    files.read(NOON, Long.MAX_VALUE, points);
    List<HistoryRow> all = points.all();
    assertThat(all.get(all.size() - 1).at()).isEqualTo(NOON + 5_000L * 4_999);
    assertThat(all.get(0).at()).isGreaterThan(NOON + 5_000L * 3_000);
  }

  @Test
  void whatIsOlderThanFourteenDaysGoes() throws IOException {
    long now = System.currentTimeMillis();
    new HistoryFiles(dir(), "aa", 1 << 20).write(row(now - 20 * 86_400_000L));
    Files.setLastModifiedTime(
        kept().get(0),
        java.nio.file.attribute.FileTime.fromMillis(now - HistoryFiles.KEPT_MILLIS - 1_000));
    Path foreign = Files.writeString(dir().resolve("notes.log"), "mine");
    new HistoryFiles(dir(), "bb", 1 << 20).write(row(now));
    assertThat(kept()).hasSize(2).contains(foreign);
    assertThat(kept().get(0).getFileName().toString()).endsWith("-bb.log");
  }

  @Test
  void aReplicaThatWritesNothingDeletesWhatIsTooOld() throws IOException {
    HistoryFiles reader = new HistoryFiles(dir(), "bb", 0);
    reader.tidy(NOON);
    assertThat(dir()).doesNotExist();
    long now = System.currentTimeMillis();
    new HistoryFiles(dir(), "aa", 1 << 20).write(row(now));
    reader.tidy(now + HistoryFiles.KEPT_MILLIS - 60_000);
    assertThat(kept()).hasSize(1);
    reader.tidy(now + HistoryFiles.KEPT_MILLIS + 60_000);
    assertThat(kept()).isEmpty();
  }

  /** A file of 2 MiB would take its first row into the fifteenth day, and be open all the time. */
  @Test
  void aFileIsOfADayAtMostAndNoPauseIsInIt() throws IOException {
    HistoryFiles files = new HistoryFiles(dir(), "aa", 1L << 30);
    for (long at = 0; at < 30 * 3_600_000L; at += 300_000) {
      files.write(row(NOON + at));
    }
    assertThat(kept()).hasSize(2);
    files.write(row(NOON + 31 * 3_600_000L));
    assertThat(kept()).hasSize(3);
    files.write(row(NOON));
    assertThat(kept()).as("a clock that was set back").hasSizeBetween(3, 4);
  }

  @Test
  void aLineThatWasCutOrChangedIsPassedOverAndCounted() throws IOException {
    HistoryFiles files = new HistoryFiles(dir(), "aa", 1 << 20);
    for (int i = 0; i < 4; i++) {
      files.write(row(NOON + 1_000L * i));
    }
    Path file = kept().get(0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[HistoryLine.write(row(NOON)).length + 20] ^= 1;
    Files.write(file, bytes);
    Files.writeString(file, "x".repeat(3_000) + "\n", StandardOpenOption.APPEND);
    byte[] half = HistoryLine.write(row(NOON + 9_000));
    Files.writeString(
        file, new String(half, 0, half.length / 2, US_ASCII), StandardOpenOption.APPEND);
    HistoryPoints points = new HistoryPoints(NOON, NOON + 60_000, 500);
    assertThat(files.read(NOON, Long.MAX_VALUE, points)).isEqualTo(2);
    assertThat(points.all())
        .extracting(HistoryRow::at)
        .containsExactly(NOON, NOON + 2_000, NOON + 3_000);
  }

  @Test
  void aDirectoryThatCannotBeUsedIsToldAndUsedOnceItCan() throws IOException {
    Files.writeString(dir(), "no directory");
    HistoryFiles files = new HistoryFiles(dir(), "aa", 1 << 20);
    assertThatThrownBy(() -> files.write(row(NOON))).isInstanceOf(IOException.class);
    Files.delete(dir());
    files.write(row(NOON + 5_000));
    assertThat(kept()).hasSize(1);
  }
}
