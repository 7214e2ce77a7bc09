package loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/**
 * The least that a proxy on Vert.x does: a server, a client and a pipe in each direction, on one
 * event loop. Arguments: port, port of the backend,
 * and a certificate and its key if clients come over TLS.
 */
public final class VertxPipe {
  private final HttpClient client;
  private final int backend;

  private VertxPipe(HttpClient client, int backend) {
    this.client = client;
    this.backend = backend;
  }

  public static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    vertx.runOnContext(
        start -> {
          HttpClient client =
              vertx.createHttpClient(
                  new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(12_000));
          VertxPipe pipe = new VertxPipe(client, Integer.parseInt(args[1]));
          vertx
              .createHttpServer(Bare.options(args))
              .requestHandler(pipe::pass)
              .listen(Integer.parseInt(args[0]), "127.0.0.1")
              .onFailure(
                  failure -> {
                    System.err.println("pipe: " + failure.getMessage());
                    System.exit(1);
                  });
        });
  }

  private void pass(HttpServerRequest request) {
    request.pause();
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost("127.0.0.1")
            .setPort(backend)
            .setURI(request.uri());
    client
        .request(options)
        .compose(
            passed -> {
              passed.headers().addAll(request.headers()).remove("connection");
              return passed.send(request);
            })
        .onSuccess(answer -> pass(request, answer))
        .onFailure(failure -> request.response().setStatusCode(502).end());
  }

  private static void pass(HttpServerRequest request, HttpClientResponse answer) {
    request
        .response()
        .setStatusCode(answer.statusCode())
        .headers()
        .addAll(answer.headers())
        // HTTP/2 has none.
        .remove("connection");
    answer.pipeTo(request.response());
  }
}
