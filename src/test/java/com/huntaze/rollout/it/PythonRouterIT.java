package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test router keeps the contract, before any proxy stands in front of it. */
@ExtendWith(VertxExtension.class)
class PythonRouterIT {
  private record Answer(int status, MultiMap headers, Buffer body) {
    JsonObject json() {
      return body.toJsonObject();
    }
  }

  private static PythonRouter router;
  private HttpClient client;

  @BeforeAll
  static void startRouter() throws IOException {
    PythonRouter.require();
    router = PythonRouter.start(Map.of("AI_ROUTER_API_KEY", "secret"));
  }

  @AfterAll
  static void stopRouter() {
    if (router != null) {
      router.close();
    }
  }

  @BeforeEach
  void openClient(Vertx vertx) {
    client = vertx.createHttpClient();
  }

  @Test
  void healthIsOpenAndExact() throws Exception {
    Answer answer = send(HttpMethod.GET, "/health", null, Buffer.buffer());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().toString())
        .isEqualTo("{\"status\":\"healthy\",\"region\":\"eastus2\",\"service\":\"ai-router\"}");
  }

  @Test
  void aRouteNeedsTheKey() throws Exception {
    Answer answer = send(HttpMethod.POST, "/route", null, prompt("hello"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.headers().get("WWW-Authenticate")).isEqualTo("ApiKey");
  }

  @Test
  void aRouteIsAnsweredInTheContractsShape() throws Exception {
    Answer answer = send(HttpMethod.POST, "/route", "secret", prompt("hello"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().fieldNames())
        .contains("model", "deployment", "region", "routing", "output", "usage");
    assertThat(answer.json().getJsonObject("usage").getInteger("total_tokens")).isPositive();
  }

  @Test
  void errorsAreFastApis() throws Exception {
    Answer blank = send(HttpMethod.POST, "/route", "secret", prompt(" "));
    Answer absent = send(HttpMethod.POST, "/route", "secret", Buffer.buffer("{}"));
    Answer failed = send(HttpMethod.POST, "/route", "secret", prompt("__fail__"));

    assertThat(blank.status()).isEqualTo(400);
    assertThat(absent.status()).isEqualTo(422);
    assertThat(absent.json().getJsonArray("detail")).hasSize(1);
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.json().getString("detail")).isNotBlank();
  }

  @Test
  void streamingRoutesAreNotDeployed() throws Exception {
    Answer answer = send(HttpMethod.POST, "/route/stream", "secret", prompt("hello"));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().toString()).isEqualTo("{\"detail\":\"Not Found\"}");
  }

  @Test
  void aStreamedChatEndsWithDone() throws Exception {
    Buffer body =
        Buffer.buffer("{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

    Answer answer = send(HttpMethod.POST, "/v1/chat/completions", "secret", body);

    assertThat(answer.headers().get("content-type")).startsWith("text/event-stream");
    assertThat(answer.body().toString()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void fiveMegabytesComeBackAsTheyWent() throws Exception {
    byte[] bytes = new byte[5_000_000];
    SplittableRandom random = new SplittableRandom(1);
    random.nextBytes(bytes);

    Answer answer = send(HttpMethod.POST, "/echo", null, Buffer.buffer(bytes));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().getBytes()).isEqualTo(bytes);
  }

  private static Buffer prompt(String text) {
    return new JsonObject().put("prompt", text).toBuffer();
  }

  private Answer send(HttpMethod method, String path, String key, Buffer body) throws Exception {
    Future<Answer> answer =
        client
            .request(method, router.port(), "127.0.0.1", path)
            .compose(
                request -> {
                  request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
                  if (key != null) {
                    request.putHeader("X-API-Key", key);
                  }
                  return request.send(body);
                })
            .compose(
                response ->
                    response
                        .body()
                        .map(read -> new Answer(response.statusCode(), response.headers(), read)));
    return answer.toCompletionStage().toCompletableFuture().get(90, TimeUnit.SECONDS);
  }
}
