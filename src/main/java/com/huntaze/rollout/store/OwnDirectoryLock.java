package com.huntaze.rollout.store;

import java.io.IOException;

/**
 * The lock of a directory that is one replica's own: it keeps other processes from leading in it,
 * and tells nothing of other replicas.
 */
final class OwnDirectoryLock implements LeaseLock {
  private final LeaderLock lock;

  OwnDirectoryLock(LeaderLock lock) {
    this.lock = lock;
  }

  @Override
  public boolean take(long term) throws IOException {
    return lock.hold();
  }

  @Override
  public boolean kept() throws IOException {
    return lock.kept();
  }

  @Override
  public boolean isGone(long term) {
    return false;
  }

  @Override
  public void release() throws IOException {
    lock.release();
  }

  @Override
  public void close() throws IOException {
    lock.release();
  }
}
