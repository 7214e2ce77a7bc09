package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.Problem;
import io.vertx.config.spi.ConfigStore;
import io.vertx.config.spi.ConfigStoreFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.SSLException;

/**
 * A store of vertx-config that asks an address. The one that comes with it reads an answer of any
 * status and of any size, and waits for its end without an end; this one takes a 200 of at most 1
 * MiB within a time. Public for the service loader only.
 */
public final class HttpDocument implements ConfigStoreFactory {
  static final String TYPE = "rollout-http";

  /** The key of the store's configuration that holds the address. */
  static final String ADDRESS = "address";

  private static final int ANSWER_MILLIS = 10_000;
  private static final int OK = 200;

  /** For the service loader. */
  public HttpDocument() {}

  @Override
  public String name() {
    return TYPE;
  }

  @Override
  public ConfigStore create(Vertx vertx, JsonObject configuration) {
    HttpClientOptions options =
        new HttpClientOptions().setConnectTimeout(ANSWER_MILLIS).setKeepAlive(false);
    return new Store(
        vertx,
        vertx.createHttpClient(options),
        configuration.getString(StrictJsonProcessor.NAME),
        URI.create(configuration.getString(ADDRESS)));
  }

  private record Store(Vertx vertx, HttpClient client, String name, URI address)
      implements ConfigStore {
    @Override
    public Future<Void> close() {
      return client.close();
    }

    @Override
    public Future<Buffer> get() {
      Promise<Buffer> body = Promise.promise();
      long timer =
          vertx.setTimer(
              ANSWER_MILLIS,
              late ->
                  body.tryFail(
                      refused(
                          "no whole answer within %d s".formatted(ANSWER_MILLIS / 1_000), "one")));
      client
          .request(options())
          .onSuccess(request -> ask(request, body))
          .onFailure(failure -> body.tryFail(refused(words(failure), "an answer")));
      return body.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private RequestOptions options() {
      boolean secure = address.getScheme().equalsIgnoreCase("https");
      int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
      String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
      RequestOptions options =
          new RequestOptions()
              .setMethod(HttpMethod.GET)
              .setSsl(secure)
              .setHost(address.getHost())
              .setPort(port)
              .setURI(address.getRawQuery() == null ? path : path + "?" + address.getRawQuery())
              .setFollowRedirects(false)
              .putHeader(HttpHeaders.ACCEPT, "application/json");
      if (address.getUserInfo() != null) {
        byte[] credentials = address.getUserInfo().getBytes(StandardCharsets.UTF_8);
        options.putHeader(
            HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(credentials));
      }
      return options;
    }

    private void ask(HttpClientRequest request, Promise<Buffer> body) {
      // However it ends: what still comes is not waited for.
      body.future().onFailure(failed -> request.reset());
      request
          .send()
          .onSuccess(response -> read(response, body))
          .onFailure(failure -> body.tryFail(refused(words(failure), "an answer")));
    }

    private void read(HttpClientResponse response, Promise<Buffer> body) {
      if (response.statusCode() != OK) {
        body.tryFail(refused("answered " + response.statusCode(), "200 with a JSON object"));
        return;
      }
      Buffer received = Buffer.buffer();
      response.exceptionHandler(
          failure -> body.tryFail(refused("the answer broke off", "a whole one")));
      response.handler(
          part -> {
            if (received.length() + part.length() > StrictJson.MAX_BYTES) {
              body.tryFail(refused("the answer is larger than 1 MiB", "at most that"));
            } else {
              received.appendBuffer(part);
            }
          });
      response.endHandler(end -> body.tryComplete(received));
    }

    private ConfigException refused(String value, String expectation) {
      return new ConfigException(new Problem(name, value, expectation));
    }

    /** In words of ours: an exception's own may repeat the address. */
    private static String words(Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof UnknownHostException) {
          return "its host name is not known";
        } else if (cause instanceof SSLException) {
          return "its certificate is not trusted, or the TLS handshake failed otherwise";
        } else if (cause instanceof ConnectException) {
          return "no connection";
        }
      }
      return "no answer, the connection was closed";
    }
  }
}
