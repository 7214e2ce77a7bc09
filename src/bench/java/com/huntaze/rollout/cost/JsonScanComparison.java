package com.huntaze.rollout.cost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@link JsonScanner} beside Jackson's non-blocking parser, on the same bodies in the same pieces,
 * in turns within one process. Jackson's side asks for the tokens alone and keeps no places, so
 * that what it does is the least that it would have to do. Run by its {@code main}.
 */
public final class JsonScanComparison {
  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 150_000_000;
  private static final int SEGMENT = 1_460;
  private static final int ODD = 37;
  private static final int ALLOCATING_RUNS = 1_000;
  private static final JsonFactory JACKSON = new JsonFactory();

  private static final JsonScanner.Listener NOBODY =
      new JsonScanner.Listener() {
        @Override
        public void opened(UsagePath place) {}

        @Override
        public void closed(UsagePath place, UsagePath in, long at, boolean empty) {}

        @Override
        public void scalar(
            UsagePath in,
            UsageField field,
            byte[] text,
            int from,
            int length,
            boolean string,
            boolean cut) {}

        @Override
        public void absent(UsagePath place, UsagePath in, long from, long to) {}
      };

  private JsonScanComparison() {}

  private static byte[] text(int length) {
    String words = "All is well, said the model, and went on. ".repeat(length / 42 + 1);
    return around(
        "\"choices\":[{\"message\":{\"content\":\"" + words.substring(0, length) + "\"}}]");
  }

  private static byte[] numbers(int length) {
    return around("\"data\":[{\"embedding\":[" + "-0.0123456789,".repeat(length / 14) + "0.5]}]");
  }

  private static byte[] around(String middle) {
    return ("{\"id\":\"x\",\"model\":\"Phi-4-mini\","
            + middle
            + ",\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":60,\"total_tokens\":180}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void scan(byte[] body, int piece) {
    JsonScanner scanner = new JsonScanner(NOBODY);
    for (int at = 0; at < body.length; at += piece) {
      scanner.feed(body, at, Math.min(at + piece, body.length));
    }
  }

  private static void parse(byte[] body, int piece) {
    try (JsonParser parser = JACKSON.createNonBlockingByteArrayParser()) {
      ByteArrayFeeder feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
      for (int at = 0; at < body.length; at += piece) {
        feeder.feedInput(body, at, Math.min(at + piece, body.length));
        JsonToken token = parser.nextToken();
        while (token != JsonToken.NOT_AVAILABLE && token != null) {
          token = parser.nextToken();
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Nanoseconds for one body, over a round. */
  private static double round(Runnable once) {
    long began = System.nanoTime();
    long runs = 0;
    while (System.nanoTime() - began < ROUND_NANOS) {
      once.run();
      runs++;
    }
    return (double) (System.nanoTime() - began) / runs;
  }

  /** Bytes that one body has allocated, once everything is compiled. */
  private static long allocated(Runnable once) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ALLOCATING_RUNS; i++) {
      once.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / ALLOCATING_RUNS;
  }

  private static void compare(String name, byte[] body, int piece) {
    double[] ours = new double[ROUNDS];
    double[] jacksons = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      ours[i] = round(() -> scan(body, piece));
      jacksons[i] = round(() -> parse(body, piece));
    }
    Arrays.sort(ours);
    Arrays.sort(jacksons);
    double our = ours[ROUNDS / 2];
    double jackson = jacksons[ROUNDS / 2];
    System.out.printf(
        Locale.ROOT,
        "%-13s in pieces of %6d: scanner %8.0f ns, %6d bytes; Jackson %8.0f ns, %6d bytes; %.1f times%n",
        name,
        Math.min(piece, body.length),
        our,
        allocated(() -> scan(body, piece)),
        jackson,
        allocated(() -> parse(body, piece)),
        jackson / our);
  }

  /** Compares on a kilobyte and on 64, of text and of numbers, whole and in pieces. */
  public static void main(String[] args) {
    for (int piece : new int[] {Integer.MAX_VALUE / 2, SEGMENT, ODD}) {
      compare("text 1 KB", text(850), piece);
      compare("text 64 KB", text(65_000), piece);
      compare("numbers 64 KB", numbers(65_000), piece);
    }
    compare("text 4 MB", text(4 << 20), SEGMENT);
  }
}
