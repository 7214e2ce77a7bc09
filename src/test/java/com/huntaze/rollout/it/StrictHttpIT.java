package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages of clients, from RFC 9110 and RFC 9112: each input is refused with its status and a
 * closed connection, or made safe; after each the next good request is answered, on a connection of
 * its own and on the one that the proxy keeps to the upstream.
 */
class StrictHttpIT {
  private static final String H = "Host: a\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String GOOD = "GET /good HTTP/1.1\r\nHost: a\r\n\r\n";

  private static final int LONGEST_IN_BYTES = 400;

  private static RawOrigin origin;
  private static RunningProxy proxy;

  @BeforeAll
  static void start() {
    origin = new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
    proxy =
        RunningProxy.start(
            RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1")
                .put(
                    "server",
                    new JsonObject().put("headerTimeout", "1s").put("maxBodyBytes", 100_000)));
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private static final class Table {
    private final List<Arguments> rows = new ArrayList<>();

    Table get(int status, String name, String head) {
      return raw(status, name, "GET " + head + "\r\n");
    }

    Table field(int status, String name, String field) {
      return raw(status, name, "GET /x HTTP/1.1\r\n" + H + field + "\r\n\r\n");
    }

    Table post(int status, String name, String fields, String body) {
      return raw(status, name, "POST /x HTTP/1.1\r\n" + H + fields + "\r\n" + body);
    }

    Table chunks(int status, String name, String body) {
      return post(status, "chunks: " + name, CHUNKED, body);
    }

    Table raw(int status, String name, String bytes) {
      rows.add(Arguments.of(status, name, bytes));
      return this;
    }
  }

  private static Stream<Arguments> inputs() {
    Table table = new Table();
    hosts(table);
    targets(table);
    lines(table);
    fields(table);
    lengths(table);
    chunks(table);
    limits(table);
    return table.rows.stream();
  }

  private static void hosts(Table table) {
    table
        .get(400, "no Host", "/ HTTP/1.1\r\n")
        .get(400, "two Hosts", "/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n")
        .get(400, "the same Host twice", "/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n")
        .get(400, "empty Host", "/ HTTP/1.1\r\nHost: \r\n")
        .get(400, "Host with a space", "/ HTTP/1.1\r\nHost: a b\r\n")
        .get(400, "Host with a slash", "/ HTTP/1.1\r\nHost: a/b\r\n")
        .get(400, "Host with user info", "/ HTTP/1.1\r\nHost: u@a\r\n")
        .get(400, "Host list", "/ HTTP/1.1\r\nHost: a, b\r\n")
        .get(400, "Host with a large port", "/ HTTP/1.1\r\nHost: a:99999\r\n")
        .get(400, "Host with an empty port", "/ HTTP/1.1\r\nHost: a:\r\n")
        .get(400, "Host with a word for a port", "/ HTTP/1.1\r\nHost: a:http\r\n")
        .get(400, "Host with an open bracket", "/ HTTP/1.1\r\nHost: [::1\r\n")
        .get(400, "Host with junk in brackets", "/ HTTP/1.1\r\nHost: [evil]\r\n")
        .get(200, "Host with a port", "/ HTTP/1.1\r\nHost: a:80\r\n")
        .get(200, "Host of IPv6", "/ HTTP/1.1\r\nHost: [::1]:80\r\n")
        .get(200, "Host with a zone id", "/ HTTP/1.1\r\nHost: [fe80::1%25eth0]:80\r\n")
        .get(200, "HTTP/1.0 without Host", "/ HTTP/1.0\r\n")
        .get(400, "HTTP/1.0 with two Hosts", "/ HTTP/1.0\r\nHost: a\r\nHost: b\r\n");
  }

  private static void targets(Table table) {
    table
        .get(400, "absolute form of another host", "http://evil/ HTTP/1.1\r\n" + H)
        .get(400, "absolute form with user info", "http://a@evil/ HTTP/1.1\r\n" + H)
        .get(200, "absolute form of the same host", "http://a/x HTTP/1.1\r\n" + H)
        .get(200, "absolute form with its scheme's port", "http://a:80/x HTTP/1.1\r\n" + H)
        .get(400, "absolute form with another port", "http://a:81/x HTTP/1.1\r\n" + H)
        .get(200, "absolute form without a path", "http://a HTTP/1.1\r\n" + H)
        .get(400, "other scheme", "ftp://a/x HTTP/1.1\r\n" + H)
        .get(400, "no slash", "x HTTP/1.1\r\n" + H)
        .get(400, "fragment", "/x#y HTTP/1.1\r\n" + H)
        .get(400, "control byte", "/x\u0001y HTTP/1.1\r\n" + H)
        .get(400, "DEL", "/x\u007fy HTTP/1.1\r\n" + H)
        .get(400, "high byte", "/\u00ff HTTP/1.1\r\n" + H)
        .get(400, "space", "/x y HTTP/1.1\r\n" + H)
        .get(400, "dots", "/../x HTTP/1.1\r\n" + H)
        .get(400, "dots and NUL, percent-encoded", "/%2e%2e%00 HTTP/1.1\r\n" + H)
        .get(200, "absolute form in other letters", "HTTP://A/x HTTP/1.1\r\n" + H)
        .get(400, "absolute form of another port", "http://a:81/x HTTP/1.1\r\n" + H)
        .get(200, "a target of 16,000 bytes", "/" + "a".repeat(16_000) + " HTTP/1.1\r\n" + H)
        .raw(200, "OPTIONS of a path", "OPTIONS /x HTTP/1.1\r\n" + H + "\r\n")
        .raw(204, "OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + H + "\r\n")
        .raw(400, "OPTIONS * without Host", "OPTIONS * HTTP/1.1\r\n\r\n")
        .raw(400, "GET *", "GET * HTTP/1.1\r\n" + H + "\r\n")
        .raw(204, "OPTIONS for nobody else", options("0"))
        .raw(200, "OPTIONS with a step left", options("1"))
        .raw(200, "OPTIONS with a word for steps", options("one"))
        .raw(200, "OPTIONS with steps without end", options("9".repeat(40)))
        .raw(200, "GET for nobody else", "GET / HTTP/1.1\r\n" + H + "Max-Forwards: 0\r\n\r\n")
        .raw(400, "CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")
        .raw(400, "TRACE", "TRACE / HTTP/1.1\r\n" + H + "\r\n");
  }

  private static String options(String forwards) {
    return "OPTIONS /x HTTP/1.1\r\n" + H + "Max-Forwards: " + forwards + "\r\n\r\n";
  }

  private static void lines(Table table) {
    table
        .raw(200, "a lower-case method is another method", "get / HTTP/1.1\r\n" + H + "\r\n")
        .raw(200, "an unknown method", "BREW /pot HTTP/1.1\r\n" + H + "\r\n")
        .raw(400, "an odd method", "G@T / HTTP/1.1\r\n" + H + "\r\n")
        .raw(400, "no version", "GET /\r\n\r\n")
        .raw(400, "HTTP/9.9", "GET / HTTP/9.9\r\n" + H + "\r\n")
        .raw(400, "HTTP/1.2", "GET / HTTP/1.2\r\n" + H + "\r\n")
        .raw(400, "HTTP/2.0", "GET / HTTP/2.0\r\n" + H + "\r\n")
        .raw(400, "HTTX/1.1", "GET / HTTX/1.1\r\n" + H + "\r\n")
        .raw(400, "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .raw(400, "a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")
        .raw(400, "bare LFs", "GET / HTTP/1.1\nHost: a\n\n")
        .raw(200, "empty lines before", "\r\n\r\nGET / HTTP/1.1\r\n" + H + "\r\n");
  }

  private static void fields(Table table) {
    table
        .field(400, "space before the colon", "X-A : b")
        .field(400, "no colon", "XA")
        .field(400, "no name", ": b")
        .field(400, "control byte in a name", "X\u0001A: b")
        .field(400, "high byte in a name", "X\u00e9: b")
        .field(400, "NUL in a value", "X-A: b\u0000c")
        .field(400, "control byte in a value", "X-A: b\u0001c")
        .field(400, "DEL in a value", "X-A: b\u007fc")
        .field(400, "bare CR in a value", "X-A: b\rc")
        .field(200, "high bytes in a value", "X-A: \u00e9")
        .field(200, "an empty value", "X-A:")
        .field(200, "a folded value", "X-A: b\r\n c")
        .field(400, "twin of X-AI-Provider", "X_AI_Provider: legacy")
        .field(400, "twin of X-Forwarded-For", "x_forwarded_for: 6.6.6.6")
        .field(400, "twin of X-User-ID", "X_User_ID: u")
        .field(400, "twin of Content-Length", "Content_Length: 3")
        .field(400, "twin of Transfer-Encoding", "Transfer_Encoding: chunked")
        .field(400, "twin of X-API-Key", "X_API_Key: k")
        .field(400, "twin of X-Real-IP", "X_Real_IP: 6.6.6.6")
        .field(400, "twin of X-Client-Tier", "X_Client_Tier: vip")
        .field(400, "twin of api-key", "api_key: k")
        .field(200, "a field of 30,000 bytes", "X-A: " + "a".repeat(30_000))
        .field(200, "another name with an underscore", "X_Mine: 1")
        .field(401, "X-API-Key twice", "X-API-Key: a\r\nX-API-Key: b")
        .field(401, "Authorization twice", "Authorization: Bearer a\r\nAuthorization: Bearer a")
        .field(200, "Upgrade to h2c is ignored", "Connection: Upgrade\r\nUpgrade: h2c")
        .field(
            200, "Upgrade to a WebSocket is ignored", "Connection: Upgrade\r\nUpgrade: websocket")
        .field(200, "close in a list", "Connection: close, TE")
        .field(200, "close in a second field", "Connection: TE\r\nConnection: Close")
        .field(200, "Connection that lists our headers", "Connection: x-correlation-id, via, host")
        .raw(400, "a value before any name", "GET / HTTP/1.1\r\n Host: a\r\nX-A: b\r\n\r\n");
  }

  private static void lengths(Table table) {
    table
        .post(400, "length and encoding", "Content-Length: 5\r\n" + CHUNKED, "0\r\n\r\n")
        .post(400, "encoding and length", CHUNKED + "Content-Length: 5\r\n", "0\r\n\r\n")
        .post(400, "two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "abc")
        .post(400, "the same length twice", "Content-Length: 2\r\nContent-Length: 2\r\n", "ab")
        .post(400, "a list of lengths", "Content-Length: 2, 2\r\n", "ab")
        .post(400, "+2", "Content-Length: +2\r\n", "ab")
        .post(400, "-1", "Content-Length: -1\r\n", "ab")
        .post(400, "0x2", "Content-Length: 0x2\r\n", "ab")
        .post(400, "2 with a unit", "Content-Length: 2b\r\n", "ab")
        .post(400, "no length", "Content-Length: \r\n", "")
        .post(400, "a length over 2^63", "Content-Length: 99999999999999999999\r\n", "ab")
        .post(400, "gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")
        .post(400, "chunked, gzip", "Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")
        .post(400, "chunked, chunked", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")
        .post(400, "xchunked", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")
        .post(400, "identity", "Transfer-Encoding: identity\r\n", "")
        .post(400, "chunked twice", CHUNKED + CHUNKED, "0\r\n\r\n")
        .post(
            400, "chunked after a vertical tab", "Transfer-Encoding:\u000bchunked\r\n", "0\r\n\r\n")
        .post(200, "Chunked", "Transfer-Encoding: Chunked\r\n", "0\r\n\r\n")
        .post(200, "Content-Xength is no length", "Content-Xength: 3\r\n", "")
        .post(417, "two expectations", "Expect: 100-continue, x\r\nContent-Length: 2\r\n", "ab")
        .post(417, "another expectation", "Expect: banana\r\nContent-Length: 2\r\n", "ab")
        .raw(400, "chunked in HTTP/1.0", "POST /x HTTP/1.0\r\n" + H + CHUNKED + "\r\n0\r\n\r\n")
        .raw(200, "GET with a body", "GET / HTTP/1.1\r\n" + H + "Content-Length: 2\r\n\r\nab");
  }

  private static void chunks(Table table) {
    table
        .chunks(400, "no number", "zz\r\nab\r\n0\r\n\r\n")
        .chunks(400, "-1", "-1\r\nab\r\n0\r\n\r\n")
        .chunks(400, "+2", "+2\r\nab\r\n0\r\n\r\n")
        .chunks(400, "0x2", "0x2\r\nab\r\n0\r\n\r\n")
        .chunks(400, "over 2^64", "fffffffffffffffff\r\nab\r\n0\r\n\r\n")
        .chunks(400, "over 2^32", "100000002\r\nab\r\n0\r\n\r\n")
        .chunks(400, "data that goes on", "2\r\nabXX0\r\n\r\n")
        .chunks(400, "bare LFs", "2\nab\n0\n\n")
        .chunks(400, "LF in an extension", "2;a\nb\r\nab\r\n0\r\n\r\n")
        .chunks(400, "space after the size", "2 \r\nab\r\n0\r\n\r\n")
        .chunks(400, "space before the size", " 2\r\nab\r\n0\r\n\r\n")
        .chunks(400, "an empty size", "\r\nab\r\n0\r\n\r\n")
        .chunks(200, "an extension", "2;a=b\r\nab\r\n0\r\n\r\n")
        .chunks(200, "capitals", "A\r\n0123456789\r\n0\r\n\r\n")
        .chunks(200, "leading zeros", "0002\r\nab\r\n0\r\n\r\n")
        .chunks(400, "a long extension", "2;" + "a".repeat(100_000) + "\r\nab\r\n0\r\n\r\n")
        .chunks(400, "a size line that does not end", "0".repeat(100_000))
        .chunks(400, "a trailer without a colon", "2\r\nab\r\n0\r\nXA\r\n\r\n")
        .chunks(400, "NUL in a trailer", "2\r\nab\r\n0\r\nX-A: \u0000\r\n\r\n")
        .chunks(400, "trailers without end", "0\r\n" + "X-A: aaaaaaaaaaaaaa\r\n".repeat(5_000))
        .chunks(200, "framing as a trailer", "2\r\nab\r\n0\r\nContent-Length: 9\r\n\r\n")
        .chunks(200, "a quoted extension", "2;a=\"b;c\"\r\nab\r\n0\r\n\r\n")
        .chunks(200, "a trailer is dropped", "2\r\nab\r\n0\r\nX-AI-Provider: legacy\r\n\r\n");
  }

  private static void limits(Table table) {
    table
        .raw(414, "a long target", "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + H + "\r\n")
        .field(431, "a long field", "X-A: " + "a".repeat(40_000))
        .field(431, "many fields", "X-A: aaaaaaaaaaaaaaaa\r\n".repeat(2_500) + "X-B: b")
        .post(413, "a long body", "Content-Length: 100001\r\n", "")
        .chunks(413, "a body that grows long", "186a1\r\n" + "x".repeat(100_001) + "\r\n");
  }

  @ParameterizedTest(name = "{1} is {0}")
  @MethodSource("inputs")
  void answersAndGoesOn(int status, String name, String bytes) throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      send(client, bytes);
      String answer = client.readUntil(lastOf(status));
      assertThat(answer.split(" ")[1]).isEqualTo(Integer.toString(status));
      assertThat(answer).doesNotContain("X-AI-Provider: legacy");
      boolean asked = name.startsWith("close ");
      if (asked || status == 400 || status >= 413 && status != 417) {
        assertThat(client.readToEnd()).isEmpty();
      }
      if (asked || status == 400 || status == 414 || status == 431) {
        assertThat(answer).containsIgnoringCase("\r\nconnection: close\r\n");
      }
      assertThat(answer).startsWith(version(name)).containsOnlyOnce("\r\ndate: ");
    }
    nextIsAnswered();
  }

  /** However a message is cut into packets it means the same. */
  @Test
  void answersTheSameByteByByte() throws Exception {
    List<Callable<String>> wrong = new ArrayList<>();
    inputs()
        .map(Arguments::get)
        .filter(row -> ((String) row[2]).length() <= LONGEST_IN_BYTES)
        .forEach(row -> wrong.add(() -> wrongByteByByte((int) row[0], (String) row[2])));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<String> answer : threads.invokeAll(wrong)) {
        assertThat(answer.get()).isNull();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(wrong.size()).isGreaterThan(100);
    nextIsAnswered();
  }

  /** Returns the answer that came instead of the expected one; {@code null} if it is that. */
  private static String wrongByteByByte(int status, String bytes) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      for (int i = 0; i < bytes.length(); i++) {
        send(client, bytes.substring(i, i + 1));
      }
      String answer = client.readUntil(lastOf(status));
      boolean same = answer.split(" ")[1].equals(Integer.toString(status));
      return same ? null : bytes + " is answered by " + answer;
    }
  }

  private static String version(String name) {
    return name.contains("HTTP/1.0") ? "HTTP/1." : "HTTP/1.1 ";
  }

  /** Returns the end of the answer. */
  private static String lastOf(int status) {
    return status == 200 ? "ok" : status == 204 ? "\r\n\r\n" : "}}";
  }

  /** A refused sender may find the connection closed while it is still sending. */
  private static void send(RawClient client, String bytes) {
    try {
      client.send(bytes);
    } catch (IOException refusedEarly) {
      // the answer is read all the same
    }
  }

  private static void nextIsAnswered() throws IOException {
    try (RawClient next = new RawClient(proxy.port())) {
      assertThat(next.send(GOOD).readUntil("ok")).startsWith("HTTP/1.1 200 ");
      assertThat(next.send(GOOD).readUntil("ok")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void theTableIsLongEnough() {
    assertThat(inputs().count()).isGreaterThanOrEqualTo(125);
  }

  @ParameterizedTest
  @MethodSource("slowHeads")
  void closesAHeadThatDoesNotEndInTime(String begun) throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      if (begun.startsWith("again")) {
        client.send(GOOD).readUntil("ok");
      }
      client.send(begun.replace("again", ""));
      assertThat(client.readToEnd()).isEmpty();
    }
    nextIsAnswered();
  }

  private static Stream<String> slowHeads() {
    return Stream.of("", "G", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b", "againGET / HT");
  }

  @Test
  void leavesNothingBehind() throws Exception {
    nextIsAnswered();
    new Metered(proxy.adminPort()).awaitValue("rollout_requests_in_flight", 0);
  }
}
