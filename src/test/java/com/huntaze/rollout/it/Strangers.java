package com.huntaze.rollout.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many clients of a port who want to be in the way: each connects, says its piece, and connects
 * again as soon as it is hung up on. One thread has them all.
 */
final class Strangers implements AutoCloseable {
  private static final long PACE_MILLIS = 100;

  private final InetSocketAddress address;
  private final byte[] greeting;
  private final byte[] drip;
  private final Selector selector = Selector.open();
  private final ByteBuffer bin = ByteBuffer.allocate(65_536);
  private final AtomicInteger connected = new AtomicInteger();
  private final Thread thread;
  private volatile boolean over;

  /**
   * @param greeting what each says first
   * @param drip what each says again and again after that; nothing when empty
   */
  Strangers(int port, int count, String greeting, String drip) throws IOException {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.greeting = greeting.getBytes(StandardCharsets.ISO_8859_1);
    this.drip = drip.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < count; i++) {
      connect();
    }
    thread = new Thread(this::run, "strangers");
    thread.setDaemon(true);
    thread.start();
  }

  /** The connections that were made, the repeated ones among them. */
  int connected() {
    return connected.get();
  }

  private void connect() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.connect(address);
    channel.register(selector, SelectionKey.OP_CONNECT);
  }

  private void run() {
    try {
      long next = System.nanoTime();
      while (!over) {
        selector.select(PACE_MILLIS);
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
          goOn(ready.next());
          ready.remove();
        }
        if (drip.length > 0 && System.nanoTime() - next > 0) {
          next = System.nanoTime() + PACE_MILLIS * 1_000_000;
          selector.keys().forEach(this::sayMore);
        }
      }
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private void goOn(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        connected.incrementAndGet();
        key.interestOps(SelectionKey.OP_READ);
        channel.write(ByteBuffer.wrap(greeting));
        return;
      }
      if (channel.read(bin.clear()) >= 0) {
        return;
      }
    } catch (IOException refusedOrReset) {
      // It comes again, as after an orderly end.
    }
    channel.close();
    connect();
  }

  private void sayMore(SelectionKey key) {
    try {
      if (key.isValid() && key.interestOps() == SelectionKey.OP_READ) {
        ((SocketChannel) key.channel()).write(ByteBuffer.wrap(drip));
      }
    } catch (IOException reset) {
      // The selector tells of it.
    }
  }

  @Override
  public void close() throws IOException {
    over = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
