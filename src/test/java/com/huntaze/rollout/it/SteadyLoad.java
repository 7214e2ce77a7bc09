package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients, each with a connection of its own, that ask with a short pause until it is closed. */
final class SteadyLoad implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean over;

  SteadyLoad(int port, int clients, Duration pause) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/route"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(60));
    for (int i = 0; i < clients; i++) {
      Thread thread = new Thread(() -> askUntilOver(client, request.copy(), pause), "load-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void askUntilOver(HttpClient client, HttpRequest.Builder request, Duration pause) {
    while (!over) {
      answers
          .computeIfAbsent(ask(client, next(request)), first -> new AtomicInteger())
          .incrementAndGet();
      Waits.pause(pause);
    }
  }

  /** Each asks something else: the judge takes those who send the same for one user. */
  private HttpRequest next(HttpRequest.Builder request) {
    String prompt = "{\"prompt\":\"hi %d\"}".formatted(asked.incrementAndGet());
    return request.copy().POST(HttpRequest.BodyPublishers.ofString(prompt)).build();
  }

  private static String ask(HttpClient client, HttpRequest request) {
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      String provider = answer.headers().firstValue("X-AI-Provider").orElse("nobody");
      return answer.statusCode() + " " + provider;
    } catch (IOException | InterruptedException failure) {
      return failure.toString();
    }
  }

  /** Returns the number of answers such as {@code 200 legacy}. */
  int of(String answer) {
    AtomicInteger count = answers.get(answer);
    return count == null ? 0 : count.get();
  }

  /** Returns the number of answers. */
  int all() {
    return answers.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  @Override
  public void close() {
    over = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
