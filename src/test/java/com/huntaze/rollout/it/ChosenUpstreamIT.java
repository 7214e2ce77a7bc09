package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The destination of a request is the configuration's to say, and nobody else's. */
class ChosenUpstreamIT {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  private static List<String> requests(String elsewhere) {
    List<String> all = new ArrayList<>();
    for (String target :
        List.of(
            "/x",
            "//%s/x",
            "/http://%s/x",
            "/\\\\%s/x",
            "/@%s/x",
            "/x?url=http://%s/",
            "http://%s/x",
            "https://%s/x",
            "http://p@%s/x",
            "@%s",
            "%s",
            "/../../%s")) {
      all.add("GET " + target.formatted(elsewhere) + " HTTP/1.1\r\nHost: p\r\n\r\n");
      all.add(
          "GET " + target.formatted(elsewhere) + " HTTP/1.1\r\nHost: " + elsewhere + "\r\n\r\n");
    }
    for (String field :
        List.of(
            "X-Forwarded-Host",
            "X-Forwarded-Server",
            "X-Host",
            "X-Original-Host",
            "X-Original-URL",
            "X-Rewrite-URL",
            "X-AI-Provider",
            "X-AI-Provider-URL",
            "X-Base-URL",
            "Location",
            "Referer",
            "Origin")) {
      String value = field.endsWith("URL") ? "http://" + elsewhere + "/" : elsewhere;
      all.add("GET /x HTTP/1.1\r\nHost: p\r\n" + field + ": " + value + "\r\n\r\n");
    }
    all.add("GET /x HTTP/1.1\r\nHost: p\r\nForwarded: host=" + elsewhere + "\r\n\r\n");
    all.add("CONNECT " + elsewhere + " HTTP/1.1\r\nHost: " + elsewhere + "\r\n\r\n");
    for (String name :
        List.of("url", "base_url", "endpoint", "router_url", "host", "callback", "model", "user")) {
      String body = "{\"prompt\":\"x\",\"%s\":\"http://%s/\"}".formatted(name, elsewhere);
      for (String path : List.of("/route", "/v1/agents/fan_message")) {
        all.add(
            "POST %s HTTP/1.1\r\nHost: p\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, body.length(), body));
      }
    }
    return all;
  }

  @Test
  void nothingInARequestChoosesTheUpstream() throws Exception {
    try (RawOrigin foundry = new RawOrigin(call -> call.send(OK));
        RawOrigin elsewhere = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1"))) {
      String authority = elsewhere.url().substring("http://".length());
      int answered = 0;
      for (String request : requests(authority)) {
        String status = status(proxy, request);
        assertThat(status).as(request).matches("HTTP/1\\.1 (200|400) .*");
        if (status.contains(" 200 ")) {
          answered++;
          assertThat(foundry.nextHead(1_000)).as(request).isNotNull();
        }
      }
      assertThat(answered).isGreaterThan(30);
      assertThat(elsewhere.connections()).isZero();
    }
  }

  @Test
  void aProvidersRedirectIsPassedOnAndNotFollowed() throws Exception {
    try (RawOrigin elsewhere = new RawOrigin(call -> call.send(OK));
        RawOrigin foundry =
            new RawOrigin(
                call ->
                    call.send(
                        "HTTP/1.1 307 Moved\r\nlocation: %s/\r\ncontent-length: 0\r\n\r\n"
                            .formatted(elsewhere.url())));
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1"))) {
      assertThat(status(proxy, "GET /x HTTP/1.1\r\nHost: p\r\n\r\n")).contains(" 307 ");
      assertThat(elsewhere.connections()).isZero();
    }
  }

  private static String status(RunningProxy proxy, String request) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      return client.send(request).readUntil("\r\n").strip();
    }
  }
}
