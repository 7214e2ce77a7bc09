package com.huntaze.rollout.store;

import com.huntaze.rollout.history.HistoryLine;
import com.huntaze.rollout.history.HistoryPoints;
import com.huntaze.rollout.history.HistoryRow;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the history: rows are appended to the newest one of this process, which is of a day
 * at most, and the oldest ones are deleted. A name tells when its first row was written and by
 * whom, so that replicas which share the directory never write to the same one. Blocking; one
 * thread writes, any may read.
 *
 * <p>Decision 144 in {@code docs/decisions.md}.
 */
final class HistoryFiles {
  /** The time for which a file is kept after its last row. */
  static final long KEPT_MILLIS = 14L * 24 * 3_600_000;

  /** More would make a directory that is slow to list; restarts make short files. */
  static final int MOST_FILES = 2_048;

  /** The time that one file is of at most, so that what is too old goes by the day. */
  private static final long FILE_MILLIS = 24L * 3_600_000;

  /** After so long without a row another replica may have deleted the file that is open. */
  private static final long PAUSE_MILLIS = 600_000;

  /** Of so many full files nothing but the oldest is lost when one is deleted. */
  private static final int FULL_FILES = 32;

  private static final Pattern NAME = Pattern.compile("(\\d{13})-[0-9a-f]{1,16}\\.log");

  private static final byte[] LINE_END = {'\n'};

  private final Path dir;
  private final String writer;
  private final long maxBytes;
  private FileChannel file;
  private long written;
  private long since;
  private long latest;

  /**
   * @param writer who writes: hexadecimal digits, another for each start
   */
  HistoryFiles(Path dir, String writer, long maxBytes) {
    this.dir = dir;
    this.writer = writer;
    this.maxBytes = maxBytes;
  }

  /** A file, its first row's time, its size and the time of its last row. */
  private record Kept(Path path, long since, long until, long bytes) {}

  /** Appends a row; one that has failed begins a file, and a line past what was half written. */
  void write(HistoryRow row) throws IOException {
    byte[] line = HistoryLine.write(row);
    try {
      if (file == null || isOver(row.at(), line.length)) {
        begin(row.at());
      }
      latest = row.at();
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      written += line.length;
    } catch (IOException failed) {
      close();
      throw failed;
    }
  }

  private boolean isOver(long now, int bytes) {
    return written + bytes > Math.max(1, maxBytes / FULL_FILES)
        || Math.abs(now - since) > FILE_MILLIS
        || Math.abs(now - latest) > PAUSE_MILLIS;
  }

  private void begin(long now) throws IOException {
    close();
    StateDirectory.prepareWithin(dir);
    shrink(now, maxBytes - maxBytes / FULL_FILES);
    since = now;
    String name = "%013d-%s.log".formatted(now, writer);
    file =
        FileChannel.open(
            dir.resolve(name),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            DurableFiles.OWNER_ONLY);
    written = file.size();
    if (written > 0) {
      // Of this row, which did not fit before: what is there of it is a line of its own.
      written += file.write(ByteBuffer.wrap(LINE_END));
    }
  }

  /** Deletes what is too old, whoever has written it. */
  void tidy(long now) throws IOException {
    if (Files.isDirectory(dir)) {
      shrink(now, Long.MAX_VALUE);
    }
  }

  /** Deletes what is too old, and the oldest of what is too much. */
  private void shrink(long now, long most) throws IOException {
    List<Kept> all = files();
    long bytes = all.stream().mapToLong(Kept::bytes).sum();
    int left = all.size();
    for (Kept each : all) {
      if (bytes > most || left >= MOST_FILES || each.until() < now - KEPT_MILLIS) {
        Files.deleteIfExists(each.path());
        bytes -= each.bytes();
        left--;
      }
    }
  }

  /** Oldest first; what else is in the directory is nobody's. */
  private List<Kept> files() throws IOException {
    List<Kept> all = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(dir, "*.log")) {
      for (Path path : found) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          kept(path, Long.parseLong(name.group(1))).ifPresent(all::add);
        }
      }
    }
    all.sort(Comparator.comparingLong(Kept::since));
    return all;
  }

  private static Optional<Kept> kept(Path path, long since) throws IOException {
    try {
      long until = Files.getLastModifiedTime(path).toMillis();
      return Optional.of(new Kept(path, since, until, Files.size(path)));
    } catch (NoSuchFileException deleted) {
      // Another replica makes room, too.
      return Optional.empty();
    }
  }

  /** Forces the newest rows to the disk. */
  void force() throws IOException {
    if (file != null) {
      file.force(false);
    }
  }

  /**
   * Reads the rows of a span of time into points.
   *
   * @return how many lines were damaged
   */
  long read(long from, long to, HistoryPoints points) throws IOException {
    long damaged = 0;
    if (!Files.isDirectory(dir)) {
      return 0;
    }
    for (Kept each : files()) {
      if (each.since() <= to && each.until() >= from) {
        damaged += read(each.path(), points);
      }
    }
    return damaged;
  }

  private static long read(Path path, HistoryPoints points) throws IOException {
    long damaged = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      byte[] line = new byte[HistoryLine.LONGEST];
      int length = 0;
      for (int each = in.read(); each >= 0; each = in.read()) {
        if (each != '\n') {
          if (length < line.length) {
            line[length] = (byte) each;
          }
          length++;
        } else {
          damaged += length == 0 ? 0 : take(line, length, points);
          length = 0;
        }
      }
      // A line without its end is being written, or was when its writer was killed.
      return damaged;
    } catch (NoSuchFileException deleted) {
      return damaged;
    }
  }

  private static int take(byte[] line, int length, HistoryPoints points) {
    Optional<HistoryRow> row =
        length > line.length ? Optional.empty() : HistoryLine.read(line, length);
    row.ifPresent(points::add);
    return row.isPresent() ? 0 : 1;
  }

  void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException closed) {
        // The lines before it are written.
      }
      file = null;
    }
  }

  /** The directory's name, for sentences. */
  Path dir() {
    return dir;
  }
}
