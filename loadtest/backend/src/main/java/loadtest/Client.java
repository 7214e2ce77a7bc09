package loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;

/**
 * Sends at a fixed rate, and measures from when a request was due: a late answer makes none of the
 * next ones look early. Prints one JSON object: completed, failed, microseconds.
 *
 * <p>Arguments: port, path, {@code true} for streams, requests, microseconds between two. Streams
 * are all open together when requests times the interval is shorter than one of them; their time is
 * that of the first event. A stream without {@code [DONE]} has failed.
 */
public final class Client {
  private final Histogram times = new Histogram(60_000_000L, 3);
  private final HttpClient client;
  private final Vertx vertx;
  private final int port;
  private final String path;
  private final boolean stream;
  private final int total;
  private final long gapNanos;
  private final Buffer body;
  private final long began = System.nanoTime();
  private int sent;
  private int completed;
  private int failed;
  private String reason = "";

  private Client(Vertx vertx, String[] args) {
    this.vertx = vertx;
    port = Integer.parseInt(args[0]);
    path = args[1];
    stream = Boolean.parseBoolean(args[2]);
    total = Integer.parseInt(args[3]);
    gapNanos = Long.parseLong(args[4]) * 1_000;
    client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(12_000));
    body =
        new JsonObject()
            .put("model", "Phi-4-mini")
            .put("stream", stream)
            .put("prompt", "a question ".repeat(90))
            .put("stream_options", new JsonObject().put("include_usage", true))
            .toBuffer();
  }

  public static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setBlockedThreadCheckInterval(3_600_000L).setEventLoopPoolSize(1));
    vertx.runOnContext(start -> new Client(vertx, args).turn());
  }

  private void turn() {
    long now = System.nanoTime() - began;
    while (sent < total && sent * gapNanos <= now) {
      send(began + sent++ * gapNanos);
    }
    if (completed + failed == total) {
      System.out.println(
          new JsonObject()
              .put("completed", completed)
              .put("failed", failed)
              .put("reason", reason)
              .put("p50", times.getValueAtPercentile(50))
              .put("p99", times.getValueAtPercentile(99)));
      System.exit(0);
    }
    vertx.setTimer(1, fired -> turn());
  }

  private void send(long due) {
    client
        .request(HttpMethod.POST, port, "127.0.0.1", path)
        .compose(
            request -> {
              request.putHeader("content-type", "application/json");
              return request.send(body);
            })
        .onFailure(this::fail)
        .onSuccess(
            response -> {
              // Whether something came, and whether it is over.
              boolean[] state = new boolean[2];
              StreamEnd last = new StreamEnd();
              response.exceptionHandler(
                  failure -> {
                    if (!state[1]) {
                      state[1] = true;
                      fail(failure);
                    }
                  });
              response.handler(
                  piece -> {
                    if (stream && !state[0]) {
                      record(due);
                    }
                    state[0] = true;
                    last.add(piece);
                  });
              response.endHandler(
                  end -> {
                    if (state[1]) {
                      return;
                    }
                    state[1] = true;
                    if (response.statusCode() != 200 || stream && !last.isDone()) {
                      fail(new IllegalStateException("status " + response.statusCode() + ", broken off"));
                      return;
                    }
                    completed++;
                    if (!stream) {
                      record(due);
                    }
                  });
            });
  }

  /** The first quarter warms this process. */
  private void record(long due) {
    if (due - began < total * gapNanos / 4) {
      return;
    }
    times.recordValue(Math.min(59_000_000L, Math.max(0, System.nanoTime() - due) / 1_000));
  }

  private void fail(Throwable failure) {
    failed++;
    reason = String.valueOf(failure.getMessage());
  }
}
