package com.huntaze.rollout.it;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A client of one HTTP/2 connection, which is written to and read from as if it spoke HTTP/1.1: a
 * request's text becomes a stream, and the stream's frames the text of an answer. A stream that was
 * reset is text without an end.
 */
final class StreamClient implements TextClient {
  private static final long CANCEL = 8;
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "host", "connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection");

  private static final Set<String> ABBREVIATIONS = Set.of("ai", "id", "usd");

  /** Shared: a Vert.x of its own for each client would be a pool of threads for each. */
  private static final Vertx VERTX = Vertx.vertx();

  /** Shared, too: it reads its TLS set-up once; each connection is opened apart from any pool. */
  private static final HttpClientAgent CLIENT =
      VERTX.createHttpClient(
          new HttpClientOptions()
              .setSsl(true)
              .setTrustAll(true)
              .setVerifyHost(false)
              .setUseAlpn(true)
              .setProtocolVersion(HttpVersion.HTTP_2));

  private final HttpClientConnection connection;
  private final StringBuilder written = new StringBuilder();
  private final StringBuilder answers = new StringBuilder();

  /** The one whose body is being sent. */
  private HttpClientRequest request;

  private HttpClientRequest last;
  private HttpClientResponse response;
  private boolean chunkedRequest;
  private long bodyLeft;
  private boolean closes;
  private boolean ended;
  private boolean reading;
  private Throwable failure;

  StreamClient(int port) throws IOException {
    try {
      connection = RunningProxy.await(connect(VERTX, CLIENT, port));
    } catch (AssertionError refused) {
      throw new IOException(refused);
    }
    connection.closeHandler(closed -> end(new IOException("closed")));
  }

  /**
   * Connects on an event loop: called from another thread, Vert.x may begin to listen to a
   * connection only after its first frame has come, which is lost then.
   */
  static Future<HttpClientConnection> connect(Vertx vertx, HttpClientAgent client, int port) {
    Promise<HttpClientConnection> connected = Promise.promise();
    HttpConnectOptions options = new HttpConnectOptions().setHost("127.0.0.1").setPort(port);
    vertx.runOnContext(go -> client.connect(options).onComplete(connected));
    return connected.future();
  }

  /** Returns the end of the stream: the code of its reset; -1 without one. */
  long resetCode() {
    synchronized (answers) {
      return failure instanceof StreamResetException reset ? reset.getCode() : -1;
    }
  }

  @Override
  public TextClient send(String text) throws IOException {
    written.append(text);
    while (request == null ? begin() : sendBody()) {
      // Each call takes a part of what is to be written.
    }
    return this;
  }

  private boolean begin() {
    int end = written.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    String[] lines = written.substring(0, end).split("\r\n");
    written.delete(0, end + 4);
    String[] line = lines[0].split(" ");
    RequestOptions options = new RequestOptions().setMethod(HttpMethod.valueOf(line[0]));
    options.setURI(line[1]).setHost("proxy").setPort(443);
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    bodyLeft = 0;
    chunkedRequest = false;
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      field(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip(), fields);
    }
    boolean waits = fields.contains("expect");
    boolean bare = !chunkedRequest && bodyLeft == 0;
    request = RunningProxy.await(connection.request(options));
    last = request;
    synchronized (answers) {
      ended = false;
      failure = null;
      response = null;
    }
    fields.forEach((name, value) -> request.headers().add(name.toLowerCase(Locale.ROOT), value));
    listen(request);
    if (bare) {
      request.end();
      request = null;
    } else {
      request.setChunked(chunkedRequest);
      Future<Void> head = request.writeHead();
      if (!waits) {
        head.onFailure(this::end);
      }
    }
    return true;
  }

  private void field(String name, String value, MultiMap fields) {
    String lower = name.toLowerCase(Locale.ROOT);
    chunkedRequest |= lower.equals("transfer-encoding");
    closes |= lower.equals("connection") && value.toLowerCase(Locale.ROOT).contains("close");
    bodyLeft = lower.equals("content-length") ? Long.parseLong(value) : bodyLeft;
    boolean te = lower.equals("te") && !value.equals("trailers");
    if (!OF_THE_CONNECTION.contains(lower) && !te) {
      fields.add(name, value);
    }
  }

  private boolean sendBody() {
    if (written.length() == 0) {
      return false;
    }
    if (chunkedRequest) {
      return sendChunk();
    }
    int now = (int) Math.min(bodyLeft, written.length());
    bodyLeft -= now;
    write(written.substring(0, now));
    written.delete(0, now);
    if (bodyLeft == 0) {
      request.end();
      request = null;
    }
    return true;
  }

  private boolean sendChunk() {
    int line = written.indexOf("\r\n");
    if (line < 0) {
      return false;
    }
    int size = Integer.parseInt(written.substring(0, line).strip(), 16);
    int end = line + 2 + size + 2;
    if (written.length() < end) {
      return false;
    }
    if (size > 0) {
      write(written.substring(line + 2, line + 2 + size));
    } else {
      request.end();
      request = null;
    }
    written.delete(0, end);
    return true;
  }

  private void write(String text) {
    request
        .write(Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1)))
        .onFailure(ignored -> {});
  }

  private void listen(HttpClientRequest to) {
    boolean head = to.getMethod() == HttpMethod.HEAD;
    to.exceptionHandler(this::end);
    to.continueHandler(go -> add("HTTP/1.1 100 Continue\r\n\r\n"));
    to.earlyHintsHandler(hints -> add("HTTP/1.1 103 Early Hints\r\n" + text(hints) + "\r\n"));
    to.response().onComplete(answer -> answered(answer, head), this::end);
  }

  private void answered(HttpClientResponse answer, boolean head) {
    int status = answer.statusCode();
    boolean bodiless = head || status == 204 || status == 304;
    boolean framed = !bodiless && answer.getHeader("content-length") == null;
    answer.exceptionHandler(this::end);
    answer.handler(
        piece -> {
          if (piece.length() == 0) {
            // The end of a stream, and in chunks it would be one, too.
            return;
          }
          String text = piece.toString(StandardCharsets.ISO_8859_1);
          add(framed ? Integer.toHexString(piece.length()) + "\r\n" + text + "\r\n" : text);
        });
    answer.endHandler(
        all -> {
          add(framed ? "0\r\n" + text(answer.trailers()) + "\r\n" : "");
          if (closes) {
            end(null);
          }
        });
    synchronized (answers) {
      response = answer;
      if (!reading) {
        answer.pause();
      }
    }
    add(
        "HTTP/1.1 %d %s\r\n%s%s\r\n"
            .formatted(
                status,
                HttpResponseStatus.valueOf(status).reasonPhrase(),
                text(answer.headers()),
                framed ? "transfer-encoding: chunked\r\n" : ""));
  }

  /** Fields as people write them; HTTP/2 has them in small letters. */
  private static String text(MultiMap fields) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> field : fields) {
      text.append(written(field.getKey())).append(": ").append(field.getValue()).append("\r\n");
    }
    return text.toString();
  }

  private static String written(String name) {
    StringJoiner words = new StringJoiner("-");
    for (String word : name.split("-")) {
      words.add(
          ABBREVIATIONS.contains(word)
              ? word.toUpperCase(Locale.ROOT)
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return words.toString();
  }

  private void add(String text) {
    synchronized (answers) {
      answers.append(text);
      answers.notifyAll();
    }
  }

  private void end(Throwable cause) {
    synchronized (answers) {
      failure = failure == null ? cause : failure;
      ended = true;
      answers.notifyAll();
    }
  }

  /** Takes what comes until the text is there, or the end. */
  private String read(String text) throws IOException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    synchronized (answers) {
      reading(true);
      try {
        while (text == null || answers.indexOf(text) < 0) {
          if (ended) {
            return take(answers.length());
          }
          long left = until - System.nanoTime();
          if (left <= 0) {
            throw new AssertionError("neither " + text + " nor the end within 20 s: " + answers);
          }
          answers.wait(left / 1_000_000 + 1);
        }
        return take(answers.indexOf(text) + text.length());
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      } finally {
        reading(false);
      }
    }
  }

  private void reading(boolean now) {
    reading = now;
    if (response != null && now) {
      response.resume();
    } else if (response != null) {
      response.pause();
    }
  }

  private String take(int length) {
    String taken = answers.substring(0, length);
    answers.delete(0, length);
    return taken;
  }

  @Override
  public String readUntil(String text) throws IOException {
    String read = read(text);
    if (!read.endsWith(text)) {
      throw new IOException("closed after: " + read + ", " + failure);
    }
    return read;
  }

  @Override
  public String readToEnd() {
    try {
      return read(null);
    } catch (IOException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public String readTail() throws IOException {
    String all = read(null);
    return all.substring(Math.max(0, all.length() - 1_000));
  }

  @Override
  public void hangUp() {
    if (last == null) {
      connection.close();
    } else {
      last.reset(CANCEL);
    }
  }

  @Override
  public void reset() {
    connection.close();
  }

  @Override
  public void close() {
    connection.close();
  }
}
