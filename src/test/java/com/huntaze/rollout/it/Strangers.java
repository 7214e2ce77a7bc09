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
import java.util.List;
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
  private final boolean reads;
  private volatile boolean over;

  /**
   * @param greeting what each says first
   * @param drip what each says again and again after that; nothing when empty
   */
  Strangers(int port, int count, String greeting, String drip) throws IOException {
    this(port, count, greeting, drip, true);
  }

  /**
   * @param reads whether they read what they are answered; who does not sees that it was hung up on
   *     when it says more
   */
  Strangers(int port, int count, String greeting, String drip, boolean reads) throws IOException {
    this.reads = reads;
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
          for (SelectionKey key : List.copyOf(selector.keys())) {
            sayMore(key);
          }
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
        key.interestOps(reads ? SelectionKey.OP_READ : 0);
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

  private void sayMore(SelectionKey key) throws IOException {
    try {
      if (key.isValid() && key.interestOps() != SelectionKey.OP_CONNECT) {
        ((SocketChannel) key.channel()).write(ByteBuffer.wrap(drip));
      }
    } catch (IOException reset) {
      if (!reads) {
        key.channel().close();
        connect();
      }
      // Else the selector tells of it.
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
