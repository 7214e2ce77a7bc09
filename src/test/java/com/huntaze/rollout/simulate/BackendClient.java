package com.huntaze.rollout.simulate;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Calls a backend with the JDK's client, which shares no code with the server under test. */
final class BackendClient {
  /** A line of an event stream and when it was read. */
  record Event(String data, long nanos) {
    JsonObject json() {
      return new JsonObject(data);
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  BackendClient(int port) {
    this.port = port;
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(90, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError("the future did not succeed", failure);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, JsonObject body) {
    return post(path, body.encode());
  }

  HttpResponse<String> post(String path, String body) {
    return send(posting(path, body), BodyHandlers.ofString());
  }

  /** Posts and reads the event stream to its end. */
  List<Event> stream(String path, JsonObject body) {
    HttpResponse<Stream<String>> response =
        send(posting(path, body.encode()), BodyHandlers.ofLines());
    List<Event> events = new ArrayList<>();
    response
        .body()
        .filter(line -> line.startsWith("data: "))
        .forEach(line -> events.add(new Event(line.substring(6), System.nanoTime())));
    return events;
  }

  private HttpRequest posting(String path, String body) {
    return request(path)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIMEOUT);
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }
}
