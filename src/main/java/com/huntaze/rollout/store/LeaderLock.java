package com.huntaze.rollout.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * The lock of the state directory: who holds it leads. The system gives it back when the process
 * ends, however it ends. Blocking: for the store's own thread.
 */
final class LeaderLock implements Lead {
  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  private final Path path;
  private FileChannel channel;
  private FileLock lock;
  private Object key;

  LeaderLock(Path path) {
    this.path = path;
  }

  /**
   * Returns whether it is held since it was taken. Where there is no directory nobody else can
   * lead.
   */
  @Override
  public boolean kept() throws IOException {
    return lock != null && (!Files.isDirectory(path.getParent()) || key.equals(keyOfPath()));
  }

  @Override
  public boolean hold() throws IOException {
    if (kept()) {
      return true;
    }
    release();
    return take();
  }

  private boolean take() throws IOException {
    if (Files.exists(path)) {
      DurableFiles.requireRegular(path);
    }
    channel = FileChannel.open(path, OPTIONS, DurableFiles.OWNER_ONLY);
    try {
      FileLock taken = tryLock();
      key = keyOfPath();
      // Without its file's identity it could not be told whether it still protects anything.
      lock = key == null ? null : taken;
    } finally {
      if (lock == null) {
        release();
      }
    }
    return lock != null;
  }

  private FileLock tryLock() throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldWithinThisProcess) {
      return null;
    }
  }

  /** The file's identity: a lock on a file that was deleted protects nothing. */
  private Object keyOfPath() throws IOException {
    if (!Files.exists(path)) {
      return null;
    }
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  @Override
  public long term(long next) {
    return next;
  }

  @Override
  public void confirm(long term) {
    // It was held when the write began, and nobody takes it from a process that lives.
  }

  @Override
  public boolean lasts(long term) {
    return true;
  }

  @Override
  public long present() {
    return 0;
  }

  @Override
  public boolean fences() {
    return false;
  }

  @Override
  public void giveUp() {
    // A write is seen or not; nobody else writes.
  }

  @Override
  public void onChange(Runnable heard) {
    // Only looking tells.
  }

  @Override
  public void release() throws IOException {
    lock = null;
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
