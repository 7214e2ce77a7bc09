package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.UpstreamRow.cut;
import static com.huntaze.rollout.it.UpstreamRow.relayed;
import static com.huntaze.rollout.it.UpstreamRow.replaced;
import static com.huntaze.rollout.it.UpstreamRows.CHUNKED;
import static com.huntaze.rollout.it.UpstreamRows.DECLARED;
import static com.huntaze.rollout.it.UpstreamRows.IN_CHUNKS;
import static com.huntaze.rollout.it.UpstreamRows.JSON;
import static com.huntaze.rollout.it.UpstreamRows.OK;

import com.huntaze.rollout.it.UpstreamRow.Then;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Behaviour of upstreams around their answers: bytes where none are due, interim answers, answers
 * that come before the request is whole, and connections that end or are reused.
 */
final class UpstreamConnectionRows {
  /** A whole answer that nobody asked for: whoever gets it has somebody else's. */
  private static final String EVIL = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nEVIL";

  private static final String HELLO = "hello, this is no answer";
  private static final int PART_OF_A_BODY = 1_500_000;

  private UpstreamConnectionRows() {}

  static List<UpstreamRow> all() {
    List<UpstreamRow> rows = new ArrayList<>();
    Stream.of(bodiless(), after(), whenIdle(), interim(), early(), ends(), persistence())
        .forEach(rows::addAll);
    return rows;
  }

  private static UpstreamRow bare(String name, int status, String fields, String rest) {
    return relayed(name, "HTTP/1.1 " + status + " Odd\r\n" + fields + "\r\n" + rest)
        .status(status)
        .text("")
        .notSeeing("EVIL", "hello");
  }

  private static UpstreamRow head(String name, String bytes) {
    return relayed("9110 9.3.2: " + name, bytes)
        .asking("HEAD", "")
        .text("")
        .gone()
        .notSeeing("EVIL", "hello", "@id@");
  }

  private static List<UpstreamRow> bodiless() {
    String length = "content-length: 24\r\n";
    return List.of(
        bare("9110 15.3.5: 204", 204, "", ""),
        bare("9110 15.3.5: 204 with a length, as old Jetty says", 204, length, "").gone(),
        bare("9110 15.3.5: 204 with a body", 204, length, HELLO).gone(),
        bare("9110 15.3.5: 204 with an answer for a body", 204, "", EVIL).gone(),
        bare("9110 15.3.5: 204 in chunks", 204, "transfer-encoding: chunked\r\n", "0\r\n\r\n")
            .gone(),
        bare(
                "9110 15.3.5: 204 with chunks",
                204,
                "transfer-encoding: chunked\r\n",
                "5\r\nhello\r\n")
            .gone(),
        bare("9110 15.3.6: 205 without a body", 205, "content-length: 0\r\n", ""),
        bare("9110 15.3.6: 205 with a body", 205, length, HELLO),
        bare("9110 15.4.5: 304", 304, "etag: \"x\"\r\n", "").seeing("etag: \"x\""),
        bare("9110 15.4.5: 304 with the length of what it is not", 304, length, "").gone(),
        bare("9110 15.4.5: 304 with a body", 304, length, HELLO).gone(),
        bare("9110 15.4.5: 304 with an answer for a body", 304, "", EVIL).gone(),
        head("HEAD", OK + "content-length: 8\r\n\r\n").seeing("content-length: 8"),
        head("HEAD with a body, as some frameworks do", OK + DECLARED),
        head("HEAD with a body that is an answer", OK + "content-length: 40\r\n\r\n" + EVIL),
        head("HEAD with a part of an answer", OK + "content-length: 8\r\n\r\n" + OK + "X-A: "),
        head("HEAD with chunks", CHUNKED + IN_CHUNKS),
        head("HEAD with a body that comes late", OK + "content-length: 8\r\n\r\n")
            .then(Then.SPEAK_WHEN_IDLE, EVIL),
        replaced("9110 9.3.2: HEAD with a list of lengths", OK + "content-length: 8, 9\r\n\r\n")
            .asking("HEAD", ""));
  }

  private static UpstreamRow extra(String name, String bytes) {
    return relayed("9112 6.3: " + name, bytes).gone().notSeeing("EVIL", "hello");
  }

  private static List<UpstreamRow> after() {
    return List.of(
        relayed("9112 2.2: an empty line before the answer", "\r\n" + OK + DECLARED),
        relayed("an empty line after the answer", OK + DECLARED + "\r\n"),
        extra("a word after the answer", OK + DECLARED + "hello"),
        extra("a line after the answer", OK + DECLARED + "hello\r\n"),
        extra("a byte after the answer", OK + DECLARED + "H"),
        extra("a second answer", OK + DECLARED + EVIL),
        extra("a second answer without an end", OK + DECLARED + OK + "content-length: 4\r\n\r\nEV"),
        extra("a part of a second head", OK + DECLARED + OK + "X-Evil: "),
        extra("a part of a second status line", OK + DECLARED + "HTTP/1.1 2"),
        extra("a second head, bodiless", OK + DECLARED + "HTTP/1.1 204 EVIL\r\n\r\n"),
        extra("an interim answer after it", OK + DECLARED + "HTTP/1.1 100 Continue\r\n\r\n"),
        extra("a word after the last chunk", CHUNKED + IN_CHUNKS + "hello"),
        extra("a second answer after the last chunk", CHUNKED + IN_CHUNKS + EVIL),
        extra("a second last chunk", CHUNKED + IN_CHUNKS + "0\r\n\r\n"),
        extra("a word after no body", OK + "content-length: 0\r\n\r\nhello").text(""),
        extra("a second answer after a 404", "HTTP/1.1 404 No\r\n" + DECLARED + EVIL).status(404),
        extra("a second answer after JSON", OK + JSON + DECLARED + EVIL));
  }

  private static UpstreamRow idle(String name, String later) {
    return relayed("9112 9: when idle, " + name, OK + DECLARED)
        .then(Then.SPEAK_WHEN_IDLE, later)
        .gone();
  }

  private static List<UpstreamRow> whenIdle() {
    return List.of(
        idle("a byte", "H"),
        idle("a line", "hello\r\n"),
        idle("a whole answer", EVIL),
        idle("nginx's 408 before it closes", "HTTP/1.1 408 Request Timeout\r\n\r\n"),
        idle("a part of a head", OK + "X-Evil: "),
        idle("a part of a status line", "HTTP/1.1 2"),
        idle("an interim answer", "HTTP/1.1 100 Continue\r\n\r\n"),
        idle("early hints", "HTTP/1.1 103 Early Hints\r\n\r\n"));
  }

  private static UpstreamRow interim(String name, String before) {
    return relayed("9110 15.2: " + name, before + OK + DECLARED);
  }

  private static List<UpstreamRow> interim() {
    String proceed = "HTTP/1.1 100 Continue\r\n\r\n";
    String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
    return List.of(
        interim("100 that nobody asked for", proceed),
        interim("100 three times, with a field", "HTTP/1.1 100 Go\r\nX-A: b\r\n\r\n".repeat(3)),
        interim("102, as WebDAV servers say", "HTTP/1.1 102 Processing\r\n\r\n"),
        interim("104", "HTTP/1.1 104 Upload Resumption Supported\r\n\r\n"),
        interim("199", "HTTP/1.1 199 Odd\r\n\r\n"),
        interim("103 passes, 8297", hints)
            .seeing("HTTP/1.1 103 ", "Link: </a.css>; rel=preload\r\n"),
        interim("103 twice", hints + hints.replace("/a.css", "/b.css"))
            .seeing("Link: </a.css>", "Link: </b.css>"),
        interim("103 without hop-by-hop fields and our names", hints.replace("Link", "X-AI-Reason"))
            .notSeeing("preload"),
        interim("100, 102 and 103 in a row", proceed + "HTTP/1.1 102 P\r\n\r\n" + hints)
            .seeing("HTTP/1.1 103 "),
        replaced("9110 15.2.2: 101 that nobody asked for", "HTTP/1.1 101 Up\r\nUpgrade: x\r\n\r\n"),
        replaced(
            "9110 15.2: 100 with a length and a body",
            "HTTP/1.1 100 Go\r\ncontent-length: 5\r\n\r\nhello" + OK + DECLARED),
        replaced(
            "9110 15.2: 103 with NUL", "HTTP/1.1 103 Hints\r\nLink: \0\r\n\r\n" + OK + DECLARED),
        replaced("9110 15.2: 100 without end", proceed).then(Then.REPEAT, proceed.repeat(20)),
        replaced("9110 15.2: 103 without end", hints).then(Then.REPEAT, hints.repeat(20)),
        replaced("9110 15.2: 100 and then nothing", proceed).then(Then.CLOSE),
        replaced("9110 15.2: 103 and then nothing", hints).then(Then.CLOSE));
  }

  private static UpstreamRow early(String name, String bytes) {
    return relayed("9112 9.3: before the request is whole, " + name, bytes)
        .asking("POST", "x".repeat(PART_OF_A_BODY))
        .gone();
  }

  private static List<UpstreamRow> early() {
    String tooLarge = "HTTP/1.1 413 Too Large\r\n";
    return List.of(
        early("413 and close", tooLarge + "connection: close\r\n" + DECLARED)
            .status(413)
            .then(Then.HALF_CLOSE),
        early("413 on a connection that stays", tooLarge + DECLARED).status(413),
        early("200 on a connection that stays", OK + DECLARED),
        early("200 in chunks", CHUNKED + IN_CHUNKS),
        early("401 with close at once", "HTTP/1.1 401 No\r\n" + DECLARED).status(401));
  }

  private static List<UpstreamRow> ends() {
    return List.of(
        replaced("9112 9.6: closed before the head", "").then(Then.CLOSE),
        replaced("reset before the head", "").then(Then.RESET),
        replaced("half-closed before the head", "").then(Then.HALF_CLOSE),
        replaced("closed within the status line", "HTTP/1.1 20").then(Then.CLOSE),
        replaced("closed within the head", OK + "content-le").then(Then.CLOSE),
        replaced("reset within the head", OK + "content-length: 8\r\n").then(Then.RESET),
        replaced("closed after the head", OK + "content-length: 8\r\n\r\n").then(Then.CLOSE),
        replaced("reset after the head", OK + "content-length: 8\r\n\r\n").then(Then.RESET),
        replaced("half-closed after the head", OK + "content-length: 8\r\n\r\n")
            .then(Then.HALF_CLOSE),
        cut("reset within a large body", OK + "content-length: 400000\r\n\r\nhello")
            .then(Then.RESET),
        cut("half-closed within a large body", OK + "content-length: 400000\r\n\r\nhello")
            .then(Then.HALF_CLOSE),
        relayed("closed after the answer", OK + DECLARED).then(Then.CLOSE).gone(),
        relayed("half-closed after the answer", OK + DECLARED).then(Then.HALF_CLOSE).gone());
  }

  private static UpstreamRow persistent(String name, String bytes) {
    return relayed("9112 9.3: " + name, bytes);
  }

  /** Its head is let go of before it ends, when the connection's fate is decided. */
  private static UpstreamRow stream(String name, String fields) {
    String events = "content-type: text/event-stream\r\ncontent-length: 16\r\n\r\ndata: @id@\n\n";
    return persistent(name, OK + fields + events).text("data: @id@\n\n");
  }

  private static List<UpstreamRow> persistence() {
    String old = "HTTP/1.0 200 OK\r\n";
    return List.of(
        persistent("close is honoured", OK + "connection: close\r\n" + DECLARED).gone(),
        persistent("Close is honoured", OK + "Connection: Close\r\n" + DECLARED).gone(),
        persistent("close in a list", OK + "connection: x-a, close\r\n" + DECLARED).gone(),
        persistent(
                "close in a second field", OK + "connection: x\r\nconnection: close\r\n" + DECLARED)
            .gone(),
        persistent("keep-alive", OK + "connection: keep-alive\r\n" + DECLARED),
        persistent("HTTP/1.0", old + DECLARED).gone(),
        persistent("HTTP/1.0 with keep-alive", old + "connection: keep-alive\r\n" + DECLARED),
        stream("a stream", ""),
        stream("close before a stream", "connection: close\r\n").gone(),
        stream("close in a second field before a stream", "connection: x\r\nconnection: close\r\n")
            .gone(),
        persistent("HTTP/1.0 without a length", old + "\r\n@id@").then(Then.CLOSE).gone(),
        persistent("HTTP/1.1 without a length", OK + "\r\n@id@").then(Then.CLOSE).gone(),
        persistent("HTTP/1.1 without a length and a half-close", OK + "\r\n@id@")
            .then(Then.HALF_CLOSE)
            .gone(),
        cut("9112 8: HTTP/1.1 without a length, reset", OK + "\r\n@id@").then(Then.RESET));
  }
}
