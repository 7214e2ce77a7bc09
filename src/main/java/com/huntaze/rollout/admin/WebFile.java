package com.huntaze.rollout.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/**
 * A file for browsers, held in memory.
 *
 * @param type its media type
 * @param plain its bytes
 * @param zipped the same with gzip
 * @param tag its entity tag, quoted
 */
record WebFile(String type, Buffer plain, Buffer zipped, String tag) {
  private static final int TAG_DIGITS = 16;
  private static final int PIECE_BYTES = 16_384;

  /**
   * Reads a file of the jar. Blocks.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  static WebFile read(String resource) throws IOException {
    try (InputStream in = WebFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("admin: no " + resource + " in the jar");
      }
      byte[] bytes = in.readAllBytes();
      ByteArrayOutputStream zipped = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
        gzip.write(bytes);
      }
      return new WebFile(
          type(resource), Buffer.buffer(bytes), Buffer.buffer(zipped.toByteArray()), tag(bytes));
    }
  }

  /** Sends the body, with gzip to those who take it; the other headers are the caller's. */
  void send(RoutingContext context) {
    HttpServerResponse response = context.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.VARY, "Accept-Encoding");
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
    if (accepted != null && accepted.contains("gzip")) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
      send(response, zipped);
    } else {
      send(response, plain);
    }
  }

  /**
   * Sends the bytes piece by piece, as the client takes them: the files need no token, and one that
   * is asked for by thousands who read nothing would be copied into memory for each of them.
   */
  private static void send(HttpServerResponse response, Buffer bytes) {
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
    response.setWriteQueueMaxSize(PIECE_BYTES);
    AtomicInteger sent = new AtomicInteger();
    response.drainHandler(drained -> sendOn(response, bytes, sent));
    sendOn(response, bytes, sent);
  }

  private static void sendOn(HttpServerResponse response, Buffer bytes, AtomicInteger sent) {
    while (!response.ended() && !response.closed() && !response.writeQueueFull()) {
      int from = sent.get();
      int to = Math.min(bytes.length(), from + PIECE_BYTES);
      sent.set(to);
      if (to == bytes.length()) {
        response.end(bytes.slice(from, to));
      } else {
        response.write(bytes.slice(from, to));
      }
    }
  }

  private static String type(String resource) {
    String ending = resource.substring(resource.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "json" -> "application/json";
      default ->
          throw new IllegalArgumentException(
              "file: " + resource + " (expected: .html, .css, .js, .json or .svg)");
    };
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest).substring(0, TAG_DIGITS) + '"';
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
