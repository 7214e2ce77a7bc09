package loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.httpproxy.HttpProxy;

/** vertx-http-proxy with nothing around it, on one event loop. Arguments: port, port of the backend,
 * and a certificate and its key if clients come over TLS. */
public final class Bare {
  private Bare() {}

  /** Those of a server in the clear, or with the certificate and the key of the arguments. */
  static HttpServerOptions options(String[] args) {
    HttpServerOptions options = new HttpServerOptions().setAcceptBacklog(8_192);
    return args.length < 4
        ? options
        : options
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(
                new PemKeyCertOptions().setCertPath(args[2]).setKeyPath(args[3]));
  }

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
              .createHttpServer(Bare.options(args))
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
