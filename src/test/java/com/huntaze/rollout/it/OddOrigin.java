package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream of plain sockets that answers the request of a row with the row's own bytes, and
 * every other request with the last part of its path, which is the request's id. It tells on which
 * connection it served, and which are still open: what a proxy keeps of a broken connection shows.
 */
final class OddOrigin implements AutoCloseable {
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Integer> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile UpstreamRow row;
  private volatile int servedOn;
  private volatile CountDownLatch answered = new CountDownLatch(0);

  OddOrigin() {
    try {
      server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    daemon(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** From now on {@code /row/..} is answered by this row. */
  void play(UpstreamRow newRow) {
    row = newRow;
    servedOn = 0;
    answered = new CountDownLatch(1);
  }

  /** The client has its answer: rows that say something to an idle connection do so now. */
  void answerHasArrived() {
    answered.countDown();
  }

  /** The number of the connection on which the row was last asked for; 0 if it was not. */
  int servedOn() {
    return servedOn;
  }

  /** Waits until a connection has ended. */
  void awaitEnd(String what, int connection) {
    Waits.until(() -> what, () -> !open.contains(connection));
  }

  /** Returns the number of open connections. */
  int open() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        int number = connections.incrementAndGet();
        open.add(number);
        daemon(() -> serve(socket, number));
      }
    } catch (IOException closedByTest) {
      // the test is over
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
        String path = head.split(" ")[1];
        String id = path.substring(path.lastIndexOf('/') + 1);
        if (path.startsWith("/row/")) {
          servedOn = number;
          broken(socket, in, id);
        } else {
          String fields = path.startsWith("/last/") ? "connection: close\r\n" : "";
          say(
              socket,
              "HTTP/1.1 200 OK\r\nx-connection: %d\r\n%scontent-length: %d\r\n\r\n%s"
                  .formatted(number, fields, id.length(), id));
        }
      }
    } catch (IOException | InterruptedException gone) {
      // the other side has left, or is made to believe that this one has
    } finally {
      sockets.remove(socket);
      open.remove(number);
    }
  }

  private void broken(Socket socket, InputStream in, String id)
      throws IOException, InterruptedException {
    UpstreamRow playing = row;
    say(socket, playing.bytes().replace("@id@", id));
    switch (playing.then()) {
      case LISTEN -> {
        // for the next request, should it come
      }
      case CLOSE -> throw new IOException("the row says so");
      case RESET -> {
        socket.setSoLinger(true, 0);
        throw new IOException("the row says so");
      }
      case HALF_CLOSE -> {
        socket.shutdownOutput();
        drain(in);
      }
      case SPEAK_WHEN_IDLE -> {
        answered.await();
        say(socket, playing.later().replace("@id@", id));
      }
      case REPEAT -> {
        // ends with the exception of a connection that was closed
        while (true) {
          say(socket, playing.later());
        }
      }
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static void drain(InputStream in) throws IOException {
    byte[] rest = new byte[8_192];
    while (in.read(rest) >= 0) {
      // thrown away
    }
  }

  /** Up to the empty line; empty when what comes is not a request or nothing does. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    int matched = 0;
    while (matched < END_OF_HEAD.length()) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
      matched = next == END_OF_HEAD.charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "odd-origin");
    thread.setDaemon(true);
    thread.start();
  }
}
