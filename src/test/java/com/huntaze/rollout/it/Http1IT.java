package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Traits of HTTP/1 that HTTP/2 does not have: pipelined requests, and clients that are older than
 * HTTP/1.1.
 */
class Http1IT {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  private static RunningProxy foundry(RawOrigin origin) {
    return RunningProxy.start(RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1"));
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: proxy\r\n\r\n";
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  String path = call.head().split(" ")[1];
                  call.send(
                      "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s"
                          .formatted(path.length(), path));
                });
        RunningProxy proxy = foundry(origin);
        RawClient client = new RawClient(proxy.port())) {
      StringBuilder all = new StringBuilder();
      IntStream.range(0, 10).forEach(i -> all.append(request("/p" + i)));
      client.send(all.toString());
      for (int i = 0; i < 10; i++) {
        client.readUntil("\r\n\r\n/p" + i);
      }
    }
  }

  /** A client that is still sending what cannot be read gets the answer, and no reset before it. */
  @Test
  void whoeverSendsOnAfterAMistakeReadsWhatIsWrong() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin)) {
      for (int i = 0; i < 20; i++) {
        try (RawClient client = new RawClient(proxy.port())) {
          client.send("GET /x HTTP/1.1\r\nHost: p\r\nno colon in this field\r\n");
          for (int part = 0; part < 20; part++) {
            client.send("X-More: " + "x".repeat(4_000) + "\r\n");
          }
          assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").contains("BAD_REQUEST");
        }
      }
    }
  }

  @Test
  void sendsNoInterimAnswerToAnHttp10Client() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin);
        RawClient client = new RawClient(proxy.port())) {
      client.send("POST /route HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}");
      assertThat(client.readUntil("ok")).startsWith("HTTP/1.0 200");
    }
  }

  @Test
  void aClientOfHttp10SeesTheEndOfABodyWithoutLength() throws Exception {
    RawOrigin.Script chunked =
        call ->
            call.send(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked"
                    + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    try (RawOrigin foundry = new RawOrigin(chunked);
        RunningProxy proxy = foundry(foundry);
        RawClient client = new RawClient(proxy.port())) {
      client.send("GET /x HTTP/1.0\r\nHost: p\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.readToEnd())
          .endsWith("\r\n\r\nabc")
          .containsIgnoringCase("\r\nconnection: close\r\n")
          .doesNotContainIgnoringCase("keep-alive");
    }
  }
}
