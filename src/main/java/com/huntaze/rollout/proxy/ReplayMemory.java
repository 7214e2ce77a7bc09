package com.huntaze.rollout.proxy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for request bodies that are kept so that they can be sent again, of the whole process
 * ({@code server.replayBytesTotal}). A body that finds none left streams and is not repeated.
 */
public final class ReplayMemory {
  private volatile long limit;
  private final AtomicLong used = new AtomicLong();

  public ReplayMemory(long limit) {
    this.limit = limit;
  }

  /** Changes the limit; what is kept already stays. */
  public void limit(long bytes) {
    limit = bytes;
  }

  boolean reserve(long bytes) {
    if (used.addAndGet(bytes) <= limit) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }

  /** The bytes that are kept now. */
  long used() {
    return used.get();
  }
}
