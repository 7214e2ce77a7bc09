package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.UpstreamRow.cut;
import static com.huntaze.rollout.it.UpstreamRow.relayed;
import static com.huntaze.rollout.it.UpstreamRow.replaced;

import com.huntaze.rollout.it.UpstreamRow.Then;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Words of upstreams where an answer is due: how its status line, its fields, its length and its
 * chunks may be written. {@link UpstreamConnectionRows} has what they do around it.
 */
final class UpstreamRows {
  static final String OK = "HTTP/1.1 200 OK\r\n";
  static final String CHUNKED = OK + "transfer-encoding: chunked\r\n";
  static final String JSON = "content-type: application/json\r\n";
  static final String DECLARED = "content-length: 8\r\n\r\n@id@";
  static final String IN_CHUNKS = "\r\n8\r\n@id@\r\n0\r\n\r\n";

  private UpstreamRows() {}

  static List<UpstreamRow> all() {
    List<UpstreamRow> rows = new ArrayList<>();
    Stream.of(statusLines(), notHttp(), fields(), lengths(), encodings(), chunks(), trailers())
        .forEach(rows::addAll);
    rows.addAll(UpstreamConnectionRows.all());
    return rows;
  }

  private static UpstreamRow line(String name, String line) {
    return replaced("9112 4: " + name, line + "\r\n" + DECLARED);
  }

  private static UpstreamRow readable(String name, String line) {
    return relayed("9112 4: " + name, line + "\r\n" + DECLARED);
  }

  private static List<UpstreamRow> statusLines() {
    return List.of(
        readable("a usual one", "HTTP/1.1 200 OK"),
        readable("an empty reason", "HTTP/1.1 200 "),
        readable("no reason and no space", "HTTP/1.1 200"),
        readable("tabs between the parts", "HTTP/1.1\t200\tOK"),
        readable("a status with a sign passes without", "HTTP/1.1 +200 OK").seeing("1.1 200 OK"),
        readable("a reason of high bytes", "HTTP/1.1 200 C'est \u00e7a"),
        readable("a reason of 2,000 bytes", "HTTP/1.1 200 " + "r".repeat(2_000)),
        readable("an unknown status of a known class", "HTTP/1.1 299 Odd").status(299),
        readable("an unknown 4xx", "HTTP/1.1 499 Odd").status(499),
        line("a reason of 20,000 bytes", "HTTP/1.1 200 " + "r".repeat(20_000)),
        line("no version", "200 OK"),
        line("HTTP/2.0, 9110 2.5", "HTTP/2.0 200 OK"),
        line("HTTP/1.2", "HTTP/1.2 200 OK"),
        line("HTTP/0.9", "HTTP/0.9 200 OK"),
        line("a version without a dot", "HTTP/1 200 OK"),
        line("a version in lower case", "http/1.1 200 OK"),
        line("ICY, as Shoutcast says", "ICY 200 OK"),
        line("a status of two digits", "HTTP/1.1 20 OK"),
        line("a status of four digits", "HTTP/1.1 2000 OK"),
        line("a status of letters", "HTTP/1.1 abc OK"),
        line("a negative status", "HTTP/1.1 -200 OK"),
        line("a status in hex", "HTTP/1.1 0xC8 OK"),
        line("no status", "HTTP/1.1 OK"),
        line("status 099, 9110 15", "HTTP/1.1 099 Odd"),
        line("status 000", "HTTP/1.1 000 Odd"),
        line("status 600", "HTTP/1.1 600 Odd"),
        line("status 999, as LinkedIn says", "HTTP/1.1 999 Request denied"),
        line("NUL in the reason", "HTTP/1.1 200 O\u0000K"),
        line("a bare CR in the reason", "HTTP/1.1 200 O\rX-Evil: 1\rK"));
  }

  private static List<UpstreamRow> notHttp() {
    return List.of(
        replaced("an SSH server's banner", "SSH-2.0-OpenSSH_9.2p1\r\n"),
        replaced("a mail server's banner", "220 mail.example ESMTP\r\n"),
        replaced("Redis's error", "-ERR unknown command 'GET'\r\n"),
        replaced("HTTP/0.9: a body and nothing else", "<html>hello</html>\r\n").then(Then.CLOSE),
        replaced("a body that never ends a line", "x".repeat(20_000)),
        replaced("a TLS alert", "\u0015\u0003\u0001\u0000\u0002\u0002\u0046").then(Then.CLOSE),
        replaced("the SETTINGS of HTTP/2", "\0\0\0\4\0\0\0\0\0").then(Then.CLOSE),
        replaced("a request, 9112 2.1", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
  }

  private static UpstreamRow field(String name, String field) {
    return replaced("9112 5: " + name, OK + field + "\r\n" + DECLARED);
  }

  private static UpstreamRow fine(String name, String field) {
    return relayed("9112 5: " + name, OK + field + "\r\n" + DECLARED);
  }

  private static List<UpstreamRow> fields() {
    return List.of(
        fine("space before the colon is taken away", "X-A : b").seeing("X-A: b\r\n"),
        fine("a name ends at a space", "X-A Y: b").seeing("X-A: b\r\n").notSeeing("Y: b"),
        fine("a folded value becomes one line", "X-A: b\r\n c\r\n\td").seeing("X-A: b c d\r\n"),
        fine("high bytes", "X-A: \u00e9").seeing("X-A: \u00e9\r\n"),
        fine("an empty value", "X-A:").seeing("X-A:"),
        fine("space around a value", "X-A: \t b \t ").seeing("X-A: b\r\n"),
        fine("a field twice", "Set-Cookie: a\r\nSet-Cookie: b")
            .seeing("Set-Cookie: a\r\n", "Set-Cookie: b\r\n"),
        fine("hop-by-hop fields", "Keep-Alive: timeout=9\r\nProxy-Authenticate: Basic")
            .notSeeing("timeout=9", "Basic"),
        fine("fields that Connection lists, 9110 7.6.1", "Connection: x-hop\r\nX-Hop: 1")
            .notSeeing("X-Hop"),
        fine("Upgrade that nobody asked for", "Upgrade: h2c\r\nConnection: upgrade")
            .notSeeing("h2c"),
        fine("fields that speak in our name", "X-AI-Provider: legacy\r\nX-AI-Fallback: true")
            .notSeeing("legacy", "Fallback"),
        field("no colon", "XA"),
        field("no name", ": b"),
        field("a control byte in a name", "X\u0001A: b"),
        field("a high byte in a name", "X\u00e9: b"),
        field("NUL in a value", "X-A: b\u0000c"),
        field("a control byte in a value", "X-A: b\u0001c"),
        field("DEL in a value", "X-A: b\u007fc"),
        field("a bare CR in a value", "X-A: b\rSet-Cookie: evil=1").notSeeing("evil"),
        field("a fold before any field", " folded: 1"),
        field("100 KiB of one field", "X-A: " + "a".repeat(102_400)),
        field("10,000 fields", "X-A: aaaaaaaa\r\n".repeat(10_000) + "X-B: b"));
  }

  private static UpstreamRow length(String name, String fields) {
    return replaced("9112 6.3: " + name, OK + fields + "\r\n\r\n@id@");
  }

  private static List<UpstreamRow> lengths() {
    return List.of(
        relayed("9112 6.3: a length", OK + DECLARED),
        relayed("9112 6.3: a length with leading zeros", OK + "content-length: 008\r\n\r\n@id@"),
        relayed("9112 6.3: length 0", OK + "content-length: 0\r\n\r\n").text(""),
        length("a negative length", "content-length: -1"),
        length("a length with a sign", "content-length: +8"),
        length("an empty length", "content-length:"),
        length("a list of one length", "content-length: 8, 8"),
        length("a list of two lengths", "content-length: 8, 9"),
        length("the same length twice", "content-length: 8\r\ncontent-length: 8"),
        length("two lengths", "content-length: 8\r\ncontent-length: 9"),
        length("a length in hex", "content-length: 0x8"),
        length("a length with a unit", "content-length: 8b"),
        length("a length with a fraction", "content-length: 8.0"),
        length("a length over 2^63", "content-length: 99999999999999999999"),
        replaced("9112 6.3: a length with an encoding", CHUNKED + "content-length: 8" + IN_CHUNKS)
            .notSeeing("@id@"),
        replaced("9112 8: less than the length", OK + "content-length: 9\r\n\r\n@id@")
            .then(Then.CLOSE),
        cut("9112 8: less than a large length", OK + "content-length: 400000\r\n\r\n@id@")
            .then(Then.CLOSE),
        replaced("a huge length of JSON that breaks off", OK + JSON + "content-length: 90\r\n\r\n{")
            .then(Then.CLOSE));
  }

  private static UpstreamRow encoding(String name, String encoding) {
    return replaced("9112 6.1: " + name, OK + "transfer-encoding:" + encoding + "\r\n" + IN_CHUNKS);
  }

  private static List<UpstreamRow> encodings() {
    String again = "\r\ntransfer-encoding: ";
    return List.of(
        relayed("9112 7.1: chunks", CHUNKED + IN_CHUNKS),
        relayed("9112 7: Chunked", OK + "transfer-encoding: Chunked\r\n" + IN_CHUNKS),
        relayed("9112 7: odd spacing", OK + "transfer-encoding: \t chunked \t\r\n" + IN_CHUNKS),
        encoding("gzip, chunked", " gzip, chunked"),
        encoding("chunked, gzip", " chunked, gzip"),
        encoding("gzip, then chunked", " gzip" + again + "chunked"),
        encoding("chunked, then gzip", " chunked" + again + "gzip"),
        encoding("chunked, chunked", " chunked, chunked"),
        encoding("chunked twice, as Rack and a proxy in a row do", " chunked" + again + "chunked"),
        encoding("gzip", " gzip"),
        encoding("identity, as old IIS says", " identity"),
        encoding("xchunked", " xchunked"),
        encoding("chunkedx", " chunkedx"),
        encoding("quoted", " \"chunked\""),
        encoding("with a parameter", " chunked;q=1"),
        encoding("a vertical tab before it", "\u000bchunked"),
        encoding("nothing", ""),
        replaced(
            "9112 6.1: an encoding in HTTP/1.0",
            "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n" + IN_CHUNKS));
  }

  private static UpstreamRow chunk(String name, String body) {
    return cut("9112 7.1: " + name, CHUNKED + "\r\n2\r\nab\r\n" + body);
  }

  private static UpstreamRow tolerated(String name, String body) {
    return relayed("9112 7.1: " + name, CHUNKED + "\r\n" + body);
  }

  private static List<UpstreamRow> chunks() {
    return List.of(
        tolerated("an extension", "8;a=b\r\n@id@\r\n0\r\n\r\n"),
        tolerated("a quoted extension", "8;a=\"b;c\"\r\n@id@\r\n0;z\r\n\r\n"),
        tolerated("leading zeros", "0008\r\n@id@\r\n000\r\n\r\n"),
        tolerated("one byte a chunk", "1\r\na\r\n".repeat(9) + "0\r\n\r\n").text("a".repeat(9)),
        chunk("no number", "zz\r\nab\r\n0\r\n\r\n"),
        chunk("a negative size", "-2\r\nab\r\n0\r\n\r\n"),
        chunk("a size with a sign", "+2\r\nab\r\n0\r\n\r\n"),
        chunk("a size in C's hex", "0x2\r\nab\r\n0\r\n\r\n"),
        chunk("an empty size", "\r\nab\r\n0\r\n\r\n"),
        chunk("a size over 2^32", "100000002\r\nab\r\n0\r\n\r\n"),
        chunk("a size over 2^64", "fffffffffffffffff\r\nab\r\n0\r\n\r\n"),
        chunk("data that goes on", "2\r\nabcdef\r\n0\r\n\r\n"),
        chunk("no CRLF after the data", "2\r\nab0\r\n\r\n"),
        chunk("bare LFs", "2\nab\n0\n\n"),
        chunk("LF in an extension", "2;a\nb\r\nab\r\n0\r\n\r\n"),
        chunk("an extension of 100,000 bytes", "2;" + "a".repeat(100_000) + "\r\nab\r\n0\r\n\r\n"),
        chunk("a size line that does not end", "0".repeat(100_000)),
        chunk("no last chunk", "").then(Then.CLOSE),
        chunk("a part of a chunk", "5\r\nab").then(Then.CLOSE),
        chunk("no end of the last chunk", "0\r\n").then(Then.CLOSE),
        chunk("a reset in a chunk", "5\r\nab").then(Then.RESET),
        replaced("9112 7.1: no number in the first chunk", CHUNKED + "\r\nzz\r\nab\r\n"),
        replaced("JSON without its last chunk", CHUNKED + JSON + "\r\n2\r\n{}\r\n")
            .then(Then.CLOSE));
  }

  private static UpstreamRow trailer(String name, String trailers) {
    return relayed("9110 6.5: " + name, CHUNKED + "\r\n8\r\n@id@\r\n0\r\n" + trailers + "\r\n");
  }

  private static List<UpstreamRow> trailers() {
    return List.of(
        trailer("a trailer passes", "X-Sum: 1\r\n").seeing("X-Sum: 1\r\n"),
        trailer("framing is no trailer", "Content-Length: 3\r\nTransfer-Encoding: gzip\r\n")
            .notSeeing("Content-Length: 3", "gzip"),
        trailer("routing is no trailer", "Host: evil\r\nConnection: evil\r\n").notSeeing("evil"),
        trailer("cookies are no trailer", "Set-Cookie: evil=1\r\n").notSeeing("evil"),
        trailer(
                "a content's format is no trailer",
                "Content-Type: evil\r\nContent-Encoding: evil\r\n")
            .notSeeing("evil"),
        trailer("authentication is no trailer", "WWW-Authenticate: evil\r\n").notSeeing("evil"),
        trailer("our own names are no trailer", "X-AI-Provider: evil\r\nX-Correlation-ID: evil\r\n")
            .notSeeing("evil"),
        cut("9110 6.5: a trailer without a colon", CHUNKED + "\r\n8\r\n@id@\r\n0\r\nXA\r\n\r\n"),
        cut(
            "9110 6.5: NUL in a trailer",
            CHUNKED + "\r\n8\r\n@id@\r\n0\r\nX-A: \u0000evil\r\n\r\n"),
        cut(
            "9110 6.5: trailers of 100,000 bytes",
            CHUNKED + "\r\n8\r\n@id@\r\n0\r\n" + "X-A: aaaaaaaaaa\r\n".repeat(6_000) + "\r\n"));
  }
}
