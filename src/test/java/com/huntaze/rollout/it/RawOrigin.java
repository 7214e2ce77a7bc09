package com.huntaze.rollout.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream made of plain sockets, which says exactly the bytes that a test wants, broken ones
 * included. One thread a connection; the script is run for each request head.
 */
final class RawOrigin implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final boolean readsBodies;
  private final List<Socket> sockets = new ArrayList<>();
  private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** Answers one request; what it throws ends the connection. */
  interface Script {
    void answer(Call call) throws IOException, InterruptedException;
  }

  /** One request on one connection. */
  static final class Call {
    private final Socket socket;
    private final String head;
    private final String body;

    private Call(Socket socket, String head, String body) {
      this.socket = socket;
      this.head = head;
      this.body = body;
    }

    String head() {
      return head;
    }

    /** The body, when its length was declared. */
    String body() {
      return body;
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /** Reads what still comes, until the other side closes. */
    void awaitClose() throws IOException {
      InputStream in = socket.getInputStream();
      byte[] rest = new byte[8_192];
      while (in.read(rest) >= 0) {
        // thrown away
      }
    }

    void close() throws IOException {
      socket.close();
    }

    /** Closes with a reset instead of an orderly end. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  RawOrigin(Script script) {
    this("127.0.0.1", 0, script, true);
  }

  /** One that listens on an address of this machine. */
  RawOrigin(String address, int port, Script script) {
    this(address, port, script, true);
  }

  /** An upstream that answers as soon as it has the head, and reads no body. */
  static RawOrigin hasty(Script script) {
    return new RawOrigin("127.0.0.1", 0, script, false);
  }

  private RawOrigin(String address, int port, Script script, boolean readsBodies) {
    this.script = script;
    this.readsBodies = readsBodies;
    try {
      server = new ServerSocket(port, 512, InetAddress.getByName(address));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    daemon(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /** The next request head that arrived. */
  String nextHead() throws InterruptedException {
    return heads.poll(90, TimeUnit.SECONDS);
  }

  /** The next request body that arrived. */
  String nextBody() throws InterruptedException {
    return bodies.poll(90, TimeUnit.SECONDS);
  }

  /** A request head, if one arrives within the time. */
  String nextHead(long millis) throws InterruptedException {
    return heads.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** Waits until a connection was closed by the other side; {@code null} if none was. */
  String nextClosed(long millis) throws InterruptedException {
    return closed.poll(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        connections.incrementAndGet();
        synchronized (sockets) {
          sockets.add(socket);
        }
        daemon(() -> serve(socket));
      }
    } catch (IOException closedByTest) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    String last = "";
    try {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
        last = head;
        String body = readsBodies ? readBody(in, head) : "";
        heads.add(head);
        bodies.add(body);
        script.answer(new Call(socket, head, body));
      }
    } catch (IOException | InterruptedException gone) {
      // reported below
    }
    closed.add(last);
  }

  private static String readHead(BufferedReader in) throws IOException {
    StringBuilder head = new StringBuilder();
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      head.append(line).append('\n');
      line = in.readLine();
    }
    return head.toString();
  }

  private static String readBody(BufferedReader in, String head) throws IOException {
    for (String line : head.split("\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        char[] body = new char[Integer.parseInt(line.substring(line.indexOf(':') + 1).strip())];
        int read = 0;
        while (read < body.length) {
          int more = in.read(body, read, body.length - read);
          if (more < 0) {
            throw new IOException("closed within a body");
          }
          read += more;
        }
        return new String(body);
      }
    }
    return "";
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "raw-origin");
    thread.setDaemon(true);
    thread.start();
  }
}
