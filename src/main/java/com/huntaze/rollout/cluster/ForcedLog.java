package com.huntaze.rollout.cluster;

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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;

/**
 * A voter's log of which nothing is forgotten in a power cut. The one below forces entries and
 * terms to the disk, but neither votes nor snapshots, and passes over an entry that the disk did
 * not take. Public for those who load it by its name.
 */
public final class ForcedLog extends FileBasedLog {
  private static final String METADATA = "metadata.raft";
  private static final String SNAPSHOT = "state_snapshot.raft";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private Path dir;

  /** An entry that takes longer is late: who leads waits half a second for it at most. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

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

  private boolean refused;

  /** Opens nothing yet. */
  public ForcedLog() {}

  @Override
  public void init(String name, Map<String, String> args) throws Exception {
    dir = Path.of(name);
    super.init(name, args);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
      for (Path file : files) {
        Files.setPosixFilePermissions(file, OWNER_ONLY);
      }
    }
  }

  @Override
  public Log votedFor(Address member) {
    super.votedFor(member);
    force(dir.resolve(METADATA), StandardOpenOption.WRITE);
    return this;
  }

  @Override
  public long append(long index, LogEntries entries) {
    // Odd, so that it is never 0.
    long began = System.nanoTime() | 1;
    // Between two entries nothing waits.
    waitsSince = waitsSince == 0 ? began : refused ? waitsSince : began - (lateUntil - waitsSince);
    busy = true;
    boolean refusedBefore = refused;
    refused = true;
    long last = super.append(index, entries);
    if (last < index + entries.size() - 1) {
      throw new IllegalStateException(
          "the disk did not take entry %d of the voters' log (last: %d)".formatted(index, last));
    }
    refused = refusedBefore;
    if (!refused) {
      lateUntil = System.nanoTime();
      waitsSince = lateUntil - began < LATE_NANOS ? 0 : waitsSince;
      busy = false;
    }
    return last;
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

  private static void force(Path path, StandardOpenOption option) {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
