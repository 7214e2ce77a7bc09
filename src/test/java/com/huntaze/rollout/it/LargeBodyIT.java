package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body of 100 MB passes each way through a heap of 64 MB, under back-pressure. */
@Tag("heavy")
class LargeBodyIT {
  private static final int PIECE = 65_536;
  private static final long PIECES = (100L << 20) / PIECE;

  private static Vertx vertx;

  /** Held, because Vert.x closes a client that nobody refers to any more. */
  private static HttpClient client;

  private static PythonRouter router;
  private static ProxyProcess proxy;

  @BeforeAll
  static void start() throws Exception {
    PythonRouter.require();
    vertx = Vertx.vertx();
    client = vertx.createHttpClient();
    router = PythonRouter.start(Map.of());
    String config =
        ProxyProcess.configuration(
                """
                {"server": {"host": "127.0.0.1", "port": 0, "maxBodyBytes": 200000000},
                 "admin": {"port": 0}, "provider": "foundry"}
                """)
            .toString();
    proxy =
        ProxyProcess.startAsShipped(
            List.of("-Xmx64m"),
            Map.of("AI_ROUTER_URL", "http://127.0.0.1:" + router.port()),
            "run",
            "--config",
            config);
  }

  @AfterAll
  static void stop() {
    if (proxy != null) {
      proxy.close();
      router.close();
      RunningProxy.await(vertx.close());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesUnderBackPressure(boolean lengthDeclared) throws Exception {
    Future<String> echoed =
        client
            .request(HttpMethod.POST, proxy.port(), "127.0.0.1", "/echo")
            .compose(request -> exchange(request, lengthDeclared));
    String digest = echoed.toCompletionStage().toCompletableFuture().get(90, TimeUnit.SECONDS);
    assertThat(digest).isEqualTo(expected());
    assertThat(proxy.process().isAlive()).isTrue();
    assertThat(proxy.output()).doesNotContain("OutOfMemory");
  }

  /** Sends while it reads: a client that sends all first would wait for ever on an echo. */
  private static Future<String> exchange(HttpClientRequest request, boolean lengthDeclared) {
    if (lengthDeclared) {
      request.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(PIECES * PIECE));
    } else {
      request.setChunked(true);
    }
    Future<String> digest = request.response().compose(LargeBodyIT::digest);
    send(request, 0);
    return digest;
  }

  private static void send(HttpClientRequest request, long from) {
    long index = from;
    while (index < PIECES && !request.writeQueueFull()) {
      request.write(piece(index++));
    }
    if (index == PIECES) {
      request.end();
    } else {
      long next = index;
      request.drainHandler(drained -> send(request, next));
    }
  }

  private static Future<String> digest(HttpClientResponse response) {
    MessageDigest sha = sha();
    response.handler(piece -> sha.update(piece.getBytes()));
    return response.end().map(end -> HexFormat.of().formatHex(sha.digest()));
  }

  private static String expected() {
    MessageDigest sha = sha();
    for (long index = 0; index < PIECES; index++) {
      sha.update(piece(index).getBytes());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Every piece is another one, so that lost or swapped pieces change the digest. */
  private static Buffer piece(long index) {
    byte[] bytes = new byte[PIECE];
    for (int i = 0; i < PIECE; i += 8) {
      bytes[i] = (byte) index;
      bytes[i + 1] = (byte) (index >> 8);
      bytes[i + 2] = (byte) i;
    }
    return Buffer.buffer(bytes);
  }

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
