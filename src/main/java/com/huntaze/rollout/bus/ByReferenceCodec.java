package com.huntaze.rollout.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Passes an immutable value over the event bus by reference, within one process only. */
public final class ByReferenceCodec<T> implements MessageCodec<T, T> {
  private final String name;

  private ByReferenceCodec(Class<T> type) {
    this.name = "rollout-" + type.getSimpleName();
  }

  /** Makes values of these types sendable on a Vert.x; once is enough, more does no harm. */
  public static void register(Vertx vertx, Class<?>... types) {
    for (Class<?> type : types) {
      registerOne(vertx, type);
    }
  }

  private static <T> void registerOne(Vertx vertx, Class<T> type) {
    try {
      vertx.eventBus().registerDefaultCodec(type, new ByReferenceCodec<>(type));
    } catch (IllegalStateException alreadyRegistered) {
      // An earlier proxy on the same Vert.x did it.
    }
  }

  @Override
  public void encodeToWire(Buffer buffer, T value) {
    throw new IllegalStateException(name + " does not leave the process");
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException(name + " does not leave the process");
  }

  @Override
  public T transform(T value) {
    return value;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
