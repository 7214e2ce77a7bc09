package loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/** vertx-http-proxy with nothing around it, on one event loop. Arguments: port, port of the backend. */
public final class Bare {
  private Bare() {}

  public static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    vertx.runOnContext(
        start -> {
          HttpProxy proxy =
              HttpProxy.reverseProxy(
                  vertx.createHttpClient(
                      new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(12_000)));
          proxy.origin(Integer.parseInt(args[1]), "127.0.0.1");
          vertx
              .createHttpServer(new HttpServerOptions().setAcceptBacklog(8_192))
              .requestHandler(proxy)
              .listen(Integer.parseInt(args[0]), "127.0.0.1")
              .onFailure(
                  failure -> {
                    System.err.println("bare: " + failure.getMessage());
                    System.exit(1);
                  });
        });
  }
}
