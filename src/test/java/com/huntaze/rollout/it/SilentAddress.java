package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An address that neither takes a connection nor refuses one: its queue of connections is full. */
final class SilentAddress implements AutoCloseable {
  private static final int MORE_THAN_THE_QUEUE = 8;

  private final ServerSocket server;
  private final List<SocketChannel> waiting = new ArrayList<>();

  SilentAddress(String address, int port) throws IOException {
    InetSocketAddress place = new InetSocketAddress(address, port);
    // A listener that has just left the address may still hold it for a moment.
    server = Waits.until(() -> new ServerSocket(port, 1, place.getAddress()), bound -> true);
    for (int i = 0; i < MORE_THAN_THE_QUEUE; i++) {
      SocketChannel client = SocketChannel.open();
      client.configureBlocking(false);
      client.connect(place);
      waiting.add(client);
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel client : waiting) {
      client.close();
    }
    server.close();
  }
}
