package com.huntaze.rollout.cluster;

import com.huntaze.rollout.lease.AgreedEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;

/**
 * A voter's log of which nothing is forgotten in a power cut. The one below forces entries and
 * terms to the disk, but neither votes nor snapshots, and passes over an entry that the disk did
 * not take. Public for those who load it by its name.
 */
public final class ForcedLog extends FileBasedLog {
  private static final String METADATA = "metadata.raft";
  private static final String ENTRIES = "entries.raft";
  private static final String SNAPSHOT = "state_snapshot.raft";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** More than an entry has. */
  private static final int PROBE_BYTES = 1 << 20;

  /** An entry that takes longer is late: who leads waits half a second for it at most. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private Path dir;

  /** Opened before anything is written: one opened later may not hear that a write has failed. */
  private FileChannel entriesFile;

  private FileChannel metadataFile;

  /**
   * The time, by the clock of nanoseconds, since which no entry was taken in time; 0 = the last one
   * was. Once an entry was refused it stays: what JGroups knows of the log and the log differ then,
   * until it is opened anew.
   */
  private volatile long waitsSince;

  /** The time at which the last entry was taken that was late. */
  private volatile long lateUntil;

  /** True while an entry waits, and for ever once one was refused. */
  private volatile boolean busy;

  /** True for ever once an entry, a term or a vote was refused. */
  private volatile boolean refused;

  /** Opens nothing yet. */
  public ForcedLog() {}

  @Override
  public void init(String name, Map<String, String> args) throws Exception {
    dir = Path.of(name);
    super.init(name, args);
    useFsync(false);
    openFiles();
    cutTornEnd();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
      for (Path file : files) {
        Files.setPosixFilePermissions(file, OWNER_ONLY);
      }
    }
  }

  private void openFiles() throws IOException {
    entriesFile = FileChannel.open(dir.resolve(ENTRIES), StandardOpenOption.WRITE);
    metadataFile = FileChannel.open(dir.resolve(METADATA), StandardOpenOption.WRITE);
  }

  private void closeFiles() {
    try {
      entriesFile.close();
      metadataFile.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() {
    super.close();
    if (entriesFile != null) {
      closeFiles();
    }
  }

  /** All that is written is forced here: JGroups prints and passes over an error of the disk. */
  @Override
  public Log useFsync(boolean by) {
    return super.useFsync(false);
  }

  @Override
  public Log votedFor(Address member) {
    keep(() -> super.votedFor(member));
    return this;
  }

  @Override
  public Log currentTerm(long term) {
    keep(() -> super.currentTerm(term));
    return this;
  }

  private void keep(Runnable write) {
    try {
      write.run();
      force(metadataFile);
    } catch (RuntimeException full) {
      refused = true;
      throw full;
    }
  }

  /**
   * Once the disk has refused something no entry is taken until the log is opened anew: JGroups
   * prints the failure of each on the standard error.
   */
  @Override
  public long append(long index, LogEntries entries) {
    // Odd, so that it is never 0.
    long began = System.nanoTime() | 1;
    // Between two entries nothing waits.
    waitsSince = waitsSince == 0 ? began : busy ? waitsSince : began - (lateUntil - waitsSince);
    busy = true;
    if (refused) {
      throw new IllegalStateException(
          "entry %d of the voters' log is not taken: the disk has refused one before"
              .formatted(index));
    }
    long last;
    try {
      last = super.append(index, entries);
      force(entriesFile);
    } catch (RuntimeException broken) {
      refused = true;
      cutOff(index, broken);
      throw broken;
    }
    if (last < index + entries.size() - 1 || !isWritten(index, entries)) {
      refused = true;
      // Not for others, nor for this one once it is opened anew: a part of an entry looks like one.
      deleteAllEntriesStartingFrom(index);
      throw new IllegalStateException(
          "the disk did not take entry %d of the voters' log whole".formatted(index));
    }
    lateUntil = System.nanoTime();
    waitsSince = lateUntil - began < LATE_NANOS ? 0 : waitsSince;
    busy = false;
    return last;
  }

  /** An entry that could not be forced is in the system's memory, and would look like one kept. */
  private void cutOff(long index, RuntimeException why) {
    try {
      if (lastAppended() >= index) {
        deleteAllEntriesStartingFrom(index);
      }
    } catch (RuntimeException broken) {
      why.addSuppressed(broken);
    }
  }

  @Override
  public void reinitializeTo(long index, LogEntry entry) {
    super.reinitializeTo(index, entry);
    if (lastAppended() != index) {
      refused = true;
      throw new IllegalStateException(
          "the disk did not take the beginning of the voters' log at entry %d (last: %d)"
              .formatted(index, lastAppended()));
    }
    force(entriesFile);
    force(metadataFile);
  }

  /** JGroups writes the rest to another file, which takes the place of the first. */
  @Override
  public void truncate(long index) {
    super.truncate(index);
    closeFiles();
    try {
      openFiles();
    } catch (IOException broken) {
      refused = true;
      throw new UncheckedIOException(broken);
    }
    force(entriesFile);
  }

  /**
   * The term that was heard stays: JGroups would go back to that of the entry before, and a voter
   * that has voted in it could vote again.
   */
  @Override
  public void deleteAllEntriesStartingFrom(long index) {
    long heard = currentTerm();
    super.deleteAllEntriesStartingFrom(index);
    if (currentTerm() < heard) {
      currentTerm(heard);
    }
    force(entriesFile);
  }

  /** A disk that is getting full takes a part of an entry, and JGroups takes that for the whole. */
  private boolean isWritten(long index, LogEntries entries) {
    long next = index;
    for (LogEntry entry : entries) {
      LogEntry written = get(next++);
      if (written == null
          || written.term() != entry.term()
          || written.internal() != entry.internal()
          || !Arrays.equals(command(written), command(entry))) {
        return false;
      }
    }
    return true;
  }

  private static byte[] command(LogEntry entry) {
    byte[] command = entry.command();
    int offset = entry.offset();
    return command == null
        ? new byte[0]
        : Arrays.copyOfRange(command, offset, offset + entry.length());
  }

  /**
   * A process that ended while it wrote, or a machine, may have left a part of an entry, which
   * nobody was told of, and what came behind it.
   */
  private void cutTornEnd() throws IOException {
    long last = lastAppended();
    for (long index = Math.max(commitIndex() + 1, firstAppended()); index <= last; index++) {
      LogEntry entry = index == 0 ? null : get(index);
      if (index > 0 && (entry == null || isTorn(entry))) {
        // An entry that cannot be read is no torn one: then this fails.
        Files.readAllBytes(dir.resolve(ENTRIES));
        deleteAllEntriesStartingFrom(index);
        return;
      }
    }
  }

  private static boolean isTorn(LogEntry entry) {
    return !entry.internal() && !AgreedEntry.isWhole(command(entry));
  }

  /**
   * Returns whether an entry was refused, and the disk has room by now: to be opened anew. Blocks.
   */
  boolean isMended() throws IOException {
    if (!refused) {
      return false;
    }
    Path probe = dir.resolve("probe.tmp");
    try (FileChannel channel =
        FileChannel.open(
            probe,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      return true;
    } catch (IOException full) {
      return false;
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** The milliseconds for which the disk has taken no entry in time, or none at all. */
  long waitsMillis() {
    long since = waitsSince;
    long until = busy ? System.nanoTime() : lateUntil;
    return since == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(until - since);
  }

  @Override
  public void setSnapshot(ByteBuffer snapshot) {
    Path temporary = dir.resolve(SNAPSHOT + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer rest = snapshot.duplicate();
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
      Files.move(temporary, dir.resolve(SNAPSHOT), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
    force(dir, StandardOpenOption.READ);
  }

  private static void force(FileChannel channel) {
    try {
      channel.force(false);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void force(Path path, StandardOpenOption option) {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
