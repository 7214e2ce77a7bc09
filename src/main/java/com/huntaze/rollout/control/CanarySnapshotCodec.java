package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanarySnapshot;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Passes the immutable snapshot over the event bus by reference, within one process only. */
public final class CanarySnapshotCodec implements MessageCodec<CanarySnapshot, CanarySnapshot> {

  /** Makes snapshots sendable on this Vert.x; once is enough, more does no harm. */
  public static void register(Vertx vertx) {
    try {
      vertx.eventBus().registerDefaultCodec(CanarySnapshot.class, new CanarySnapshotCodec());
    } catch (IllegalStateException alreadyRegistered) {
      // An earlier proxy on the same Vert.x did it.
    }
  }

  @Override
  public void encodeToWire(Buffer buffer, CanarySnapshot snapshot) {
    throw new IllegalStateException("a CanarySnapshot does not leave the process");
  }

  @Override
  public CanarySnapshot decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException("a CanarySnapshot does not leave the process");
  }

  @Override
  public CanarySnapshot transform(CanarySnapshot snapshot) {
    return snapshot;
  }

  @Override
  public String name() {
    return "rollout-canary-snapshot";
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
