package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;

/**
 * The users of a proxy in fast motion, and those beside them who send one request again and again.
 * They ask at random moments of a given rate, whatever becomes of the requests before. All times
 * and rates are those of the proxy's clock.
 *
 * <p>A request's correlation id begins with its user: {@code user-17-…}, {@code any-…} without a
 * user key, {@code loop-…} of a loop.
 */
final class Crowd implements AutoCloseable {
  private static final long SEED = 20_261;

  /** Tells the crowds of a process apart in their correlation ids. */
  private static final AtomicInteger CROWDS = new AtomicInteger();

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  /** So many kept connections may have been closed before a new one is made. */
  private static final int MOST_STALE = 8;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SplittableRandom random;
  private final List<Loop> loops = new CopyOnWriteArrayList<>();
  private final Queue<CompletableFuture<String>> answers = new ConcurrentLinkedQueue<>();
  private final URI target;
  private final int times;
  private final int crowd = CROWDS.incrementAndGet();
  private final String[] headers;
  private final Predicate<String> reached;
  private final Thread thread = new Thread(this::ask, "crowd");
  private final DoubleUnaryOperator rate;
  private final int users;
  private volatile boolean over;
  private final AtomicInteger sentAgain = new AtomicInteger();
  private long sent;

  /** One who sends the same request again and again. */
  private static final class Loop {
    private final double everySeconds;
    private final String[] headers;
    private final boolean rotating;
    private double next;
    private long sent;

    private Loop(double everySeconds, boolean rotating, String... headers) {
      this.everySeconds = everySeconds;
      this.rotating = rotating;
      this.headers = headers;
    }
  }

  /**
   * Begins to ask.
   *
   * @param times how many times as fast the proxy's clock is
   * @param users how many send their user keys; 0 = nobody does
   * @param rate requests a second at a second since the crowd's begin
   * @param reached tells of a correlation id whether a provider has got its request
   * @param headers of each request but those of loops
   */
  Crowd(
      String url,
      int times,
      int users,
      DoubleUnaryOperator rate,
      Predicate<String> reached,
      String... headers) {
    this.headers = headers;
    this.reached = reached;
    this.target = URI.create(url + "/route");
    this.times = times;
    this.random = new SplittableRandom(SEED);
    this.users = users;
    this.rate = rate;
    thread.setDaemon(true);
    thread.start();
  }

  /** One more who sends the same body from now on. */
  void loop(double everySeconds, String... headers) {
    loops.add(new Loop(everySeconds, false, headers));
  }

  /** One more who is another user with each request. */
  void rotating(double everySeconds, String... headers) {
    loops.add(new Loop(everySeconds, true, headers));
  }

  private void ask() {
    long begun = System.nanoTime();
    double last = 0;
    double due = gap();
    while (!over) {
      double now = times * (System.nanoTime() - begun) / 1e9;
      due -= (now - last) * rate.applyAsDouble(now);
      last = now;
      for (; due <= 0; due += gap()) {
        one();
      }
      for (Loop loop : loops) {
        looped(loop, now);
      }
      Waits.pause(BETWEEN_LOOKS);
    }
  }

  /** Until the next request, counted in requests. */
  private double gap() {
    return -Math.log(1 - random.nextDouble());
  }

  private void one() {
    long number = ++sent;
    String user = "user-" + random.nextInt(Math.max(1, users));
    HttpRequest.Builder request = request("{\"prompt\":\"hi %d\"}".formatted(number));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (users > 0) {
      request.header("X-User-ID", user);
    }
    send(request, (users > 0 ? user : "any") + "-" + number);
  }

  private void looped(Loop loop, double now) {
    // From the first look on, and without a burst after a pause of the machine.
    loop.next = Math.max(loop.next, now - loop.everySeconds);
    for (; loop.next <= now; loop.next += loop.everySeconds) {
      long number = ++loop.sent;
      HttpRequest.Builder request = request("{\"prompt\":\"again\"}");
      if (loop.headers.length > 0) {
        request.headers(loop.headers);
      }
      if (loop.rotating) {
        request.header("X-User-ID", "invented-" + number);
      }
      send(request, "loop-" + number);
    }
  }

  private HttpRequest.Builder request(String body) {
    return HttpRequest.newBuilder(target)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private void send(HttpRequest.Builder asking, String id) {
    HttpRequest request = asking.header("X-Correlation-ID", id + "-of-" + crowd).build();
    answers.add(
        sent(request)
            .exceptionallyCompose(failure -> again(request, failure, MOST_STALE))
            .handle((answer, failure) -> failure == null ? told(answer) : failure.toString()));
  }

  private CompletableFuture<HttpResponse<String>> sent(HttpRequest request) {
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  /**
   * A connection that was idle for 75 s of a fast clock is closed, and now and then a request is on
   * its way to it: as every client does, this one sends it again, until a connection is new. A
   * request that a provider has got is not sent again, so that a proxy that cuts it is seen.
   */
  private CompletableFuture<HttpResponse<String>> again(
      HttpRequest request, Throwable failure, int stale) {
    boolean unread = failure.toString().contains("header parser received no bytes");
    String id = request.headers().firstValue("X-Correlation-ID").orElseThrow();
    if (stale == 0 || !unread || reached.test(id)) {
      return CompletableFuture.failedFuture(failure);
    }
    if (stale == MOST_STALE) {
      sentAgain.incrementAndGet();
    }
    return sent(request).exceptionallyCompose(next -> again(request, next, stale - 1));
  }

  /** Returns the number of requests that were sent again, for their connections were closed. */
  int sentAgain() {
    return sentAgain.get();
  }

  private static String told(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.headers().firstValue("X-AI-Provider").orElse("none");
  }

  /** Stops asking, waits for what is under way, and counts the answers by status and provider. */
  Map<String, Integer> end() {
    close();
    Map<String, Integer> counts = new TreeMap<>();
    List<CompletableFuture<String>> all = new ArrayList<>(answers);
    all.forEach(answer -> counts.merge(answer.join(), 1, Integer::sum));
    return counts;
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
