package com.huntaze.rollout.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Parts of {@code state.lock}, of which {@link LeaderLock} takes the whole. Its first byte is
 * shared by all who hold a lease or believe to, also one that is stopped: so {@link LeaderLock}
 * gets nothing, and they do not keep each other out. The byte of a term is its holder's alone.
 */
final class LeaseLockFile implements LeaseLock {
  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Path path;
  private FileChannel channel;
  private Object key;
  private FileLock common;
  private FileLock own;

  LeaseLockFile(Path path) {
    this.path = path;
  }

  @Override
  public boolean take(long term) throws IOException {
    open();
    common = common == null ? lock(0, true) : common;
    own = common == null ? null : lock(term, false);
    if (own == null) {
      release();
    }
    return own != null;
  }

  @Override
  public boolean kept() throws IOException {
    return own != null && key.equals(keyOfPath());
  }

  @Override
  public boolean isGone(long term) throws IOException {
    if (term < 1) {
      return false;
    }
    open();
    FileLock free = lock(term, true);
    if (free != null) {
      free.release();
    }
    return free != null;
  }

  @Override
  public void release() throws IOException {
    if (own != null) {
      own.release();
      own = null;
    }
    if (common != null) {
      common.release();
      common = null;
    }
  }

  @Override
  public void close() throws IOException {
    common = null;
    own = null;
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  /** Another file in its place is another lock: what was held of the old one protects nothing. */
  private void open() throws IOException {
    if (channel != null && key != null && key.equals(keyOfPath())) {
      return;
    }
    close();
    if (Files.exists(path)) {
      DurableFiles.requireRegular(path);
    }
    channel = FileChannel.open(path, OPTIONS, DurableFiles.OWNER_ONLY);
    key = keyOfPath();
    if (key == null) {
      throw new NoSuchFileException(path.toString());
    }
  }

  private FileLock lock(long position, boolean shared) throws IOException {
    try {
      return channel.tryLock(position, 1, shared);
    } catch (OverlappingFileLockException heldWithinThisProcess) {
      return null;
    }
  }

  private Object keyOfPath() throws IOException {
    return Files.exists(path)
        ? Files.readAttributes(path, BasicFileAttributes.class).fileKey()
        : null;
  }
}
