package com.huntaze.rollout.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The figures of a running proxy, as its admin port tells them. */
final class Metered {
  private static final long PATIENCE_SECONDS = 10;
  private static final long LOOK_EVERY_MILLIS = 20;

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  Metered(int adminPort) {
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
            .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .build();
  }

  /** The value of one series, such as {@code rollout_requests_in_flight}. */
  double value(String series) {
    String text;
    try {
      text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
    return text.lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** Waits until a series has a value. */
  void awaitValue(String series, double expected) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    double value = value(series);
    while (value != expected) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(series + " is " + value + ", not " + expected);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
      value = value(series);
    }
  }
}
