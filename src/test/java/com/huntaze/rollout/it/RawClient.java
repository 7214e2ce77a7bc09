package com.huntaze.rollout.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client made of a plain socket: it sends any bytes, and sees the very bytes that come back. */
final class RawClient implements TextClient {
  private final Socket socket;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(90_000);
  }

  @Override
  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads until the text has come; fails at the end of the stream or after 20 s. */
  @Override
  public String readUntil(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** Reads to the end of the stream. A reset is an end, too. */
  @Override
  public String readToEnd() {
    StringBuilder read = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        read.append((char) next);
      }
    } catch (SocketTimeoutException late) {
      throw new AssertionError("no end of the stream within 20 s after: " + read, late);
    } catch (IOException reset) {
      // what came before it is returned
    }
    return read.toString();
  }

  /** Reads to the end of the stream in large steps, and tells what came last. */
  @Override
  public String readTail() throws IOException {
    byte[] piece = new byte[65_536];
    String tail = "";
    try {
      InputStream in = socket.getInputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        tail += new String(piece, 0, read, StandardCharsets.ISO_8859_1);
        tail = tail.substring(Math.max(0, tail.length() - 1_000));
      }
    } catch (SocketTimeoutException late) {
      throw new AssertionError("no end of the stream within 20 s after: " + tail, late);
    } catch (IOException reset) {
      // what came before it is returned
    }
    return tail;
  }

  /** Says that nothing more will come, and goes on listening. */
  RawClient halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Leaves in an orderly way: FIN. */
  @Override
  public void hangUp() throws IOException {
    socket.close();
  }

  /** Leaves with a reset. */
  @Override
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
