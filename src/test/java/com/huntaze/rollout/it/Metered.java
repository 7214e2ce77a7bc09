package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The figures of a running proxy, as its admin port tells them. */
final class Metered {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  Metered(int adminPort) {
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
            .timeout(Duration.ofSeconds(60))
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
    Waits.until(
        () -> series + " is to be " + expected,
        () -> value(series),
        value -> value == expected,
        () -> Waits.pause(LOOK_EVERY));
  }
}
