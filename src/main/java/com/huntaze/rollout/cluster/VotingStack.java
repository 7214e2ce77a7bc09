package com.huntaze.rollout.cluster;

import com.huntaze.rollout.lease.AgreedLog;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.JChannel;
import org.jgroups.protocols.raft.ELECTION;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.NO_DUPES;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.REDIRECT;
import org.jgroups.raft.RaftHandle;
import org.jgroups.raft.StateMachine;
import org.jgroups.raft.util.LogCache;
import org.jgroups.stack.Protocol;

/**
 * The voters of a cluster, on the channel of all its members, and their log in this replica's own
 * directory. A replica that is no voter hears what the log says, and neither votes nor orders.
 */
final class VotingStack {
  private static final String NAME = "raft";
  private static final String PREFIX = "voter";
  private static final FileAttribute<?> OWNERS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final int MOST_LOG_BYTES = 2 << 20;
  private static final int MOST_CACHED = 128;
  private static final long RESEND_MILLIS = 150;
  private static final long VOTE_MILLIS = 300;

  private final AgreedLog log;
  private final FileChannel file;
  private final RAFT raft;

  /** A thread that comes out of a slow write has nothing to say to those who come next. */
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Locks this replica's part of the log.
   *
   * @param learner this replica's name where it is no voter
   * @throws IOException if another process has it, or it is of other voters
   */
  VotingStack(ClusterSettings settings, AgreedLog log, String learner) throws IOException {
    this.log = log;
    Path dir = log.dir().toAbsolutePath().resolve(NAME);
    Files.createDirectories(dir, OWNERS);
    file = locked(dir);
    try {
      Files.createDirectories(dir.resolve(PREFIX + ".log"), OWNERS);
      sameVoters(dir.resolve("voters"), String.join("\n", settings.voters()) + "\n");
    } catch (IOException others) {
      file.close();
      throw others;
    }
    boolean votes = settings.voters().contains(settings.member());
    raft =
        new RAFT()
            .raftId(votes ? settings.member() : "learner " + learner)
            .members(settings.voters())
            .logClass(ForcedLog.class.getName())
            .logDir(dir.toString())
            .logPrefix(PREFIX)
            .logUseFsync(true)
            .maxLogSize(MOST_LOG_BYTES)
            .maxLogCacheSize(MOST_CACHED)
            .resendInterval(RESEND_MILLIS);
  }

  private static FileChannel locked(Path dir) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dir.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException heldWithinThisProcess) {
      // As if another process had it.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IOException(
          "state.dir: %s is another process's (expected: a directory for each replica)"
              .formatted(dir.getParent()));
    }
    return channel;
  }

  /** Other voters in the same log could have two majorities. */
  private static void sameVoters(Path file, String voters) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file, FILE);
    }
    if (Files.size(file) == 0) {
      Files.writeString(file, voters);
      return;
    }
    String before = Files.readString(file);
    if (!before.equals(voters)) {
      throw new IOException(
          "cluster.voters: %s (expected: %s, as in %s; for others stop all, delete every %s)"
              .formatted(words(voters), words(before), file, file.getParent()));
    }
  }

  private static String words(String lines) {
    return String.join(", ", lines.strip().split("\n", -1));
  }

  /** The part below the members' views. */
  Protocol below() {
    return new NO_DUPES();
  }

  /** The part above all else. */
  List<Protocol> above() {
    return List.of(new ELECTION().voteTimeout(VOTE_MILLIS), raft, new REDIRECT());
  }

  /** Connects the log with a channel whose stack has both parts. */
  void on(JChannel channel) {
    RaftHandle handle = new RaftHandle(channel, new Machine(log, closed));
    log.connect(new Handled(handle));
  }

  /**
   * Prepares for another attempt to join. JGroups has closed the log when this one was refused, or
   * has left, and it would begin with the closed one.
   */
  void beginAgain() {
    raft.log((Log) null);
    // Else it would take the log for read, and what follows would be applied to nothing.
    raft.stateMachineLoaded(false);
    log.beginsAgain();
  }

  /** It has joined, and has read what it had. */
  void joined() {
    log.caughtUp();
  }

  /** The milliseconds for which the disk has taken no entry in time. */
  long waitsMillis() {
    ForcedLog forced = forced();
    return forced == null ? 0 : forced.waitsMillis();
  }

  /** Returns whether the log is to be opened anew, because an entry was refused. Blocks. */
  boolean isMended() throws IOException {
    ForcedLog forced = forced();
    return forced != null && forced.isMended();
  }

  /** {@code null} = it is not open. */
  private ForcedLog forced() {
    Log last = raft.log();
    Log kept = last instanceof LogCache cache ? cache.log() : last;
    return kept instanceof ForcedLog forced ? forced : null;
  }

  /** Lets another process have this replica's part of the log. */
  void close() {
    closed.set(true);
    try {
      file.close();
    } catch (IOException closing) {
      // The system gives the lock back when the process ends.
    }
  }

  /** The voters, by their leader. */
  private record Handled(RaftHandle handle) implements AgreedLog.Voters {
    @Override
    public CompletionStage<byte[]> append(byte[] entry) {
      try {
        return handle.setAsync(entry, 0, entry.length);
      } catch (Exception nobodyOrders) {
        return CompletableFuture.failedFuture(nobodyOrders);
      }
    }

    @Override
    public boolean orders() {
      return handle.isLeader();
    }
  }

  /** The log's entries, in its order. */
  private record Machine(AgreedLog log, AtomicBoolean closed) implements StateMachine {
    @Override
    public byte[] apply(byte[] data, int offset, int length, boolean answers) {
      return closed.get()
          ? new byte[0]
          : log.apply(Arrays.copyOfRange(data, offset, offset + length));
    }

    @Override
    public void readContentFrom(DataInput in) throws IOException {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      if (!closed.get()) {
        log.restore(bytes);
      }
    }

    @Override
    public void writeContentTo(DataOutput out) throws IOException {
      byte[] bytes = log.snapshot();
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }
}
