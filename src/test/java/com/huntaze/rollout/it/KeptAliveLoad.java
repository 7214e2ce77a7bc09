package com.huntaze.rollout.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients and a provider of plain sockets that are kept, as many requests a second as the proxy
 * between them takes: each message is read by its length and thrown away, so that hardly any of the
 * work is the test's own.
 */
final class KeptAliveLoad implements AutoCloseable {
  private static final String LENGTH = "\r\ncontent-length: ";

  private final ServerSocket provider;
  private final byte[] answer;
  private final List<Socket> sockets = new ArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "kept-alive");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param answer what the provider says to each request, head and body
   */
  KeptAliveLoad(String answer) throws IOException {
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
    provider = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    threads.submit(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + provider.getLocalPort();
  }

  /** Sends so many requests on so many connections, and waits for the last answer. */
  void send(int port, String request, int connections, int requests) {
    byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
    List<Future<Void>> clients = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      clients.add(threads.submit(() -> ask(port, bytes, requests / connections)));
    }
    try {
      for (Future<Void> client : clients) {
        client.get();
      }
    } catch (InterruptedException | ExecutionException failure) {
      throw new AssertionError(failure);
    }
  }

  private static Void ask(int port, byte[] request, int times) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      byte[] buffer = new byte[65_536];
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(request);
        String head = readMessage(socket.getInputStream(), buffer);
        if (head == null || !head.startsWith("HTTP/1.1 200 ")) {
          throw new IOException("answer: " + head + " (expected: 200)");
        }
      }
    }
    return null;
  }

  private Void accept() throws IOException {
    while (true) {
      Socket socket = provider.accept();
      socket.setTcpNoDelay(true);
      synchronized (sockets) {
        sockets.add(socket);
      }
      threads.submit(() -> serve(socket));
    }
  }

  private Void serve(Socket socket) throws IOException {
    byte[] buffer = new byte[65_536];
    while (readMessage(socket.getInputStream(), buffer) != null) {
      socket.getOutputStream().write(answer);
    }
    socket.close();
    return null;
  }

  /** Reads one message, and returns its head; {@code null} = the connection has ended. */
  private static String readMessage(InputStream in, byte[] buffer) throws IOException {
    int have = 0;
    while (true) {
      int more = in.read(buffer, have, buffer.length - have);
      if (more < 0) {
        return null;
      }
      have += more;
      String read = new String(buffer, 0, have, StandardCharsets.ISO_8859_1);
      int end = read.indexOf("\r\n\r\n");
      if (end >= 0 && have >= end + 4 + length(read, end)) {
        return read.substring(0, end);
      }
    }
  }

  private static int length(String message, int headEnd) {
    for (int at = 0; at < headEnd; at = message.indexOf("\r\n", at + 2)) {
      if (message.regionMatches(true, at, LENGTH, 0, LENGTH.length())) {
        int from = at + LENGTH.length();
        return Integer.parseInt(message.substring(from, message.indexOf('\r', from)));
      }
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    provider.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    threads.shutdownNow();
  }
}
