package com.huntaze.rollout.it;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client of HTTP/2 that is made of frames: it sends any, in any order, and sees the very ones.
 */
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  private static final int PRIORITY = 32;

  private static final int MAX_FRAME = 16_384;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final SSLSocket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /** One frame; of HEADERS the fields are read. */
  record Frame(int type, int flags, int stream, byte[] payload, Http2Headers fields) {
    boolean is(int wanted, int onStream) {
      return type == wanted && stream == onStream;
    }

    boolean ends() {
      return (flags & END_STREAM) != 0 && (type == DATA || type == HEADERS) || type == RST_STREAM;
    }

    /** The last four bytes of RST_STREAM, the second four of GOAWAY. */
    int code() {
      return Unpooled.wrappedBuffer(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    int lastStream() {
      return Unpooled.wrappedBuffer(payload).getInt(0);
    }

    String status() {
      return fields.status().toString();
    }

    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  /** A connection over which nothing but TLS has been spoken. */
  FrameClient(int port) throws IOException {
    socket = (SSLSocket) TrustAll.context().getSocketFactory().createSocket("127.0.0.1", port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
  }

  /** A connection whose client has said what it expects: the given settings, as pairs. */
  static FrameClient opened(int port, int... settings) throws IOException {
    return new FrameClient(port).preface().settings(settings);
  }

  FrameClient preface() throws IOException {
    return raw(PREFACE.getBytes(StandardCharsets.US_ASCII));
  }

  FrameClient settings(int... pairs) throws IOException {
    ByteBuf payload = Unpooled.buffer();
    for (int i = 0; i < pairs.length; i += 2) {
      payload.writeShort(pairs[i]).writeInt(pairs[i + 1]);
    }
    return frame(SETTINGS, 0, 0, bytes(payload));
  }

  FrameClient raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  static byte[] head(int length, int type, int flags, int stream) {
    return bytes(
        Unpooled.buffer().writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream));
  }

  FrameClient frame(int type, int flags, int stream, byte[] payload) throws IOException {
    return raw(bytes(Unpooled.wrappedBuffer(head(payload.length, type, flags, stream), payload)));
  }

  FrameClient data(int stream, boolean ends, String text) throws IOException {
    return frame(DATA, ends ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets a stream, or with 0 the connection, send so much more. */
  FrameClient credit(int stream, int amount) throws IOException {
    return frame(WINDOW_UPDATE, 0, stream, bytes(Unpooled.buffer().writeInt(amount)));
  }

  FrameClient cancel(int stream) throws IOException {
    return frame(RST_STREAM, 0, stream, bytes(Unpooled.buffer().writeInt(8)));
  }

  /** A request; its fields are names and values in turn. */
  FrameClient request(int stream, boolean ends, String method, String path, String... fields)
      throws IOException {
    byte[] block = block(method, path, fields);
    int first = Math.min(MAX_FRAME, block.length);
    int flags = (ends ? END_STREAM : 0) | (first == block.length ? END_HEADERS : 0);
    frame(HEADERS, flags, stream, java.util.Arrays.copyOf(block, first));
    for (int at = first; at < block.length; at += MAX_FRAME) {
      int end = Math.min(block.length, at + MAX_FRAME);
      frame(
          CONTINUATION,
          end == block.length ? END_HEADERS : 0,
          stream,
          java.util.Arrays.copyOfRange(block, at, end));
    }
    return this;
  }

  /** A request's head, compressed. */
  byte[] block(String method, String path, String... fields) throws IOException {
    Http2Headers headers = new DefaultHttp2Headers(false);
    headers.method(method).path(path).scheme("https").authority("proxy");
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    ByteBuf out = Unpooled.buffer();
    try {
      encoder.encodeHeaders(3, headers, out);
    } catch (io.netty.handler.codec.http2.Http2Exception impossible) {
      throw new IOException(impossible);
    }
    return bytes(out);
  }

  private static byte[] bytes(ByteBuf from) {
    byte[] to = new byte[from.readableBytes()];
    from.readBytes(to);
    return to;
  }

  /** The next frame; {@code null} at the end of the connection. SETTINGS are acknowledged. */
  Frame next() throws IOException {
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt() & Integer.MAX_VALUE;
      byte[] payload = in.readNBytes(length);
      if (type == SETTINGS && (flags & ACK) == 0) {
        frame(SETTINGS, ACK, 0, new byte[0]);
      }
      int priority = (flags & PRIORITY) == 0 ? 0 : 5;
      Http2Headers fields =
          type == HEADERS
              ? decoder.decodeHeaders(
                  stream, Unpooled.wrappedBuffer(payload, priority, length - priority))
              : null;
      return new Frame(type, flags, stream, payload, fields);
    } catch (EOFException | SocketException ended) {
      return null;
    } catch (SocketTimeoutException late) {
      throw new AssertionError("no frame within 20 s", late);
    } catch (io.netty.handler.codec.http2.Http2Exception malformed) {
      throw new IOException(malformed);
    }
  }

  /** Reads on to a frame; fails when the connection ends first. */
  Frame until(Predicate<Frame> wanted) throws IOException {
    while (true) {
      Frame frame = next();
      if (frame == null) {
        throw new AssertionError("the connection ended before such a frame");
      }
      if (wanted.test(frame)) {
        return frame;
      }
    }
  }

  /** The head of a stream's final answer. */
  Frame answer(int stream) throws IOException {
    return until(frame -> frame.is(HEADERS, stream) && !frame.status().startsWith("1"));
  }

  /** The frame that ends a stream's answer. */
  Frame end(int stream) throws IOException {
    return until(frame -> frame.stream() == stream && frame.ends());
  }

  /** Reads to the end of the connection, and tells its last frame of a kind. */
  Frame last(int type) throws IOException {
    Frame last = null;
    for (Frame frame = next(); frame != null; frame = next()) {
      last = frame.type() == type ? frame : last;
    }
    return last;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
