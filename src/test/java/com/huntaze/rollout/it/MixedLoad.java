package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients of every kind of route that may be repeated, which ask one after the other until they are
 * told to stop: the router's JSON, an agent, OpenAI's JSON and OpenAI's events.
 */
final class MixedLoad implements AutoCloseable {
  /** The words to a client of a stream whose content had begun when its provider went. */
  static final String TOLD = "cut after content, and told";

  private static final Pattern CONTENT = Pattern.compile("\"content\": ?\"[^\"]");
  private static final int CLIENTS_OF_EACH = 6;
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  enum Kind {
    ROUTE("/route", "{\"prompt\":\"hi\"}"),
    AGENT("/v1/agents/fan_message", "{\"prompt\":\"hi\"}"),
    CHAT("/v1/chat/completions", "{\"model\":\"Phi-4-mini\"," + MESSAGES + "}"),
    EVENTS("/v1/chat/completions", "{\"model\":\"Phi-4-mini\",\"stream\":true," + MESSAGES + "}");

    private final String path;
    private final String body;

    Kind(String path, String body) {
      this.path = path;
      this.body = body;
    }

    /** Returns whether a whole answer is what this kind of request is answered with. */
    private boolean whole(String answer) {
      return switch (this) {
        case ROUTE -> answer.startsWith("{") && answer.contains("\"output\"");
        case AGENT -> answer.startsWith("{\"success\":true") && answer.endsWith("}");
        case CHAT -> answer.startsWith("{") && answer.contains("\"chat.completion\"");
        case EVENTS -> answer.endsWith("data: [DONE]\n\n") && !answer.contains("\"error\"");
      };
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final AtomicLong slowest = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  MixedLoad(String url) {
    for (Kind kind : Kind.values()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + kind.path))
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(60))
              .POST(HttpRequest.BodyPublishers.ofString(kind.body))
              .build();
      for (int i = 0; i < CLIENTS_OF_EACH; i++) {
        Thread thread = new Thread(() -> askUntilOver(kind, request), "load-" + kind + "-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    }
  }

  private void askUntilOver(Kind kind, HttpRequest request) {
    while (!over) {
      long begun = System.nanoTime();
      String answer = ask(kind, request);
      answers.computeIfAbsent(kind + " " + answer, first -> new AtomicInteger()).incrementAndGet();
      if (!answer.endsWith(TOLD)) {
        slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
      }
    }
  }

  private String ask(Kind kind, HttpRequest request) {
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      String provider = answer.headers().firstValue("X-AI-Provider").orElse("nobody");
      String served = answer.statusCode() + " " + provider;
      StringBuilder read = new StringBuilder();
      boolean ended = read(answer.body(), read);
      String body = read.toString();
      if (ended && answer.statusCode() == 200 && kind.whole(body)) {
        return served;
      }
      return !ended && kind == Kind.EVENTS && toldAfterContent(body)
          ? served + ", " + TOLD
          : served + " " + (ended ? "" : "cut: ") + body;
    } catch (IOException | InterruptedException failure) {
      return failure.toString();
    }
  }

  /** Reads what comes; whether it came to a clean end. */
  private static boolean read(InputStream body, StringBuilder into) {
    byte[] piece = new byte[8_192];
    try (body) {
      for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
        into.append(new String(piece, 0, read, StandardCharsets.UTF_8));
      }
      return true;
    } catch (IOException cut) {
      return false;
    }
  }

  private static boolean toldAfterContent(String events) {
    Matcher content = CONTENT.matcher(events);
    return content.find() && events.lastIndexOf("data: {\"error\":") > content.start();
  }

  /** Returns the number of answers such as {@code 200 legacy}, of all kinds. */
  int of(String answer) {
    int all = 0;
    for (Kind kind : Kind.values()) {
      all += of(kind, answer);
    }
    return all;
  }

  /** Returns the number of such answers to the kind that got fewest of them. */
  int ofEach(String answer) {
    int least = Integer.MAX_VALUE;
    for (Kind kind : Kind.values()) {
      least = Math.min(least, of(kind, answer));
    }
    return least;
  }

  private int of(Kind kind, String answer) {
    AtomicInteger count = answers.get(kind + " " + answer);
    return count == null ? 0 : count.get();
  }

  /**
   * That everybody got a whole answer, in time.
   *
   * @param cutsAllowed how many streams may have been cut after their content had begun
   */
  void assertNobodySawAnError(Duration bound, int cutsAllowed) {
    Map<String, AtomicInteger> all = new TreeMap<>(answers);
    AtomicInteger told = all.remove("EVENTS 200 foundry, " + TOLD);
    for (Kind kind : Kind.values()) {
      all.remove(kind + " 200 foundry");
      all.remove(kind + " 200 legacy");
    }
    assertThat(all).isEmpty();
    assertThat(told == null ? 0 : told.get()).isLessThanOrEqualTo(cutsAllowed);
    assertThat(Duration.ofNanos(slowest.get())).isLessThan(bound);
  }

  /** Returns the answers, and the time that the slowest took. */
  @Override
  public String toString() {
    return new TreeMap<>(answers)
        + ", slowest "
        + Duration.ofNanos(slowest.get()).toMillis()
        + " ms";
  }

  /** Waits for the answers that are still to come. */
  void finish() {
    over = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    over = true;
  }
}
