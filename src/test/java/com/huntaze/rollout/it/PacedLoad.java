package com.huntaze.rollout.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Requests at a fixed rate, whatever becomes of the ones before: an open loop of clients. */
final class PacedLoad implements AutoCloseable {
  /** One connection of HTTP/2 takes a hundred requests at once, and this client no more. */
  private static final int CLIENTS = 8;

  private final List<HttpClient> clients;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<CompletableFuture<String>> answers = new CopyOnWriteArrayList<>();

  PacedLoad(Wire wire, int port, int perSecond) {
    clients = Stream.generate(wire::client).limit(CLIENTS).toList();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(wire.scheme() + "://127.0.0.1:" + port + "/route"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(60));
    long micros = TimeUnit.SECONDS.toMicros(1) / perSecond;
    clock.scheduleAtFixedRate(() -> ask(request), 0, micros, TimeUnit.MICROSECONDS);
  }

  /** Each asks something else: the judge takes those who send the same for one user. */
  private void ask(HttpRequest.Builder asking) {
    String prompt = "{\"prompt\":\"hi %d\"}".formatted(answers.size());
    HttpRequest request = asking.copy().POST(HttpRequest.BodyPublishers.ofString(prompt)).build();
    answers.add(
        clients
            .get(answers.size() % CLIENTS)
            .sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .handle((answer, failure) -> failure == null ? told(answer) : failure.toString()));
  }

  private static String told(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.headers().firstValue("X-AI-Provider").orElse("none");
  }

  /** Returns the number of requests that have begun. */
  int begun() {
    return answers.size();
  }

  /** The number of those that have begun and wait for their answer. */
  long underWay() {
    return answers.stream().filter(answer -> !answer.isDone()).count();
  }

  /** Stops asking, waits for what is under way, and counts the answers by status and provider. */
  Map<String, Integer> end() {
    close();
    Map<String, Integer> counts = new TreeMap<>();
    answers.forEach(answer -> counts.merge(answer.join(), 1, Integer::sum));
    return counts;
  }

  /** Returns the number of counted answers that are no success. */
  static int failures(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .filter(count -> !count.getKey().startsWith("200 "))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    try {
      clock.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
