package com.huntaze.rollout.cost;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of reading an answer's usage, by the answer's kind; the figure is for the whole body.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UsageScanBenchmark {
  private static final int PIECE = 1_460;
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":60,\"total_tokens\":180}";

  /** A JSON answer of a kilobyte, one of sixteen, a stream of 60 events (about 10 KB). */
  @Param({"json1", "json16", "events"})
  public String answer;

  private byte[] body;

  @Setup
  public void write() {
    String text =
        switch (answer) {
          case "json1" -> json(800);
          case "json16" -> json(16_000);
          default -> events();
        };
    body = text.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(int length) {
    String words = "All is well, said the model, and went on. ".repeat(length / 42 + 1);
    return "{\"model\":\"Phi-4-mini\",\"deployment\":\"d\",\"region\":\"eastus2\",\"output\":\""
        + words.substring(0, length)
        + "\","
        + USAGE
        + "}";
  }

  private static String events() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append(
          "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
              + "\"model\":\"Phi-4-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},"
              + "\"finish_reason\":null}]}\n\n");
    }
    return text + "data: {\"choices\":[]," + USAGE + "}\n\ndata: [DONE]\n\n";
  }

  @Benchmark
  public Usage scan() {
    UsageScanner scanner =
        answer.equals("events")
            ? UsageScanner.ofEvents(UsageListener.NONE)
            : UsageScanner.ofJson(UsageListener.NONE);
    for (int at = 0; at < body.length; at += PIECE) {
      scanner.feed(body, at, Math.min(at + PIECE, body.length));
    }
    scanner.end();
    return scanner.usage();
  }

  /** The length of the body, for the figure per kilobyte. */
  public static void main(String[] args) {
    for (String kind : new String[] {"json1", "json16", "events"}) {
      UsageScanBenchmark benchmark = new UsageScanBenchmark();
      benchmark.answer = kind;
      benchmark.write();
      System.out.println(kind + ": " + benchmark.body.length + " bytes");
    }
  }
}
