package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.it.FrameClient.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The end of an HTTP/2 connection at a drain, frame by frame (RFC 9113 §6.8): GOAWAY announces it,
 * requests that cross it on the wire are served, and a second GOAWAY names the last of them.
 */
@Tag("heavy")
class GoAwayIT {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
          + "b\r\ndata: one\n\n\r\n";

  private final CountDownLatch finish = new CountDownLatch(1);
  private final Queue<String> heads = new ConcurrentLinkedQueue<>();

  private RawOrigin origin() throws Exception {
    return new RawOrigin(
        call -> {
          heads.add(call.head());
          if (call.head().startsWith("POST")) {
            call.send(HEAD);
            finish.await();
            call.send("e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
          } else {
            call.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
          }
        });
  }

  private static ProxyProcess proxy(RawOrigin origin, String delay) throws Exception {
    String config =
        ProxyProcess.configuration(
                """
                {"server": %s, "admin": {"port": 0}, "drain": {"delay": "%s", "timeout": "30s"}}
                """
                    .formatted(Wire.HTTP_2.server().put("host", "127.0.0.1").put("port", 0), delay))
            .toString();
    return ProxyProcess.start(
        List.of(),
        Map.of("AI_PROVIDER", "foundry", "AI_ROUTER_URL", origin.url()),
        "run",
        "--config",
        config);
  }

  /** A connection with one stream that has begun and goes on. */
  private static FrameClient streaming(ProxyProcess proxy) throws Exception {
    FrameClient client = FrameClient.opened(proxy.port());
    client.request(1, false, "POST", "/route/stream");
    client.data(1, true, "{}");
    client.until(frame -> frame.is(FrameClient.DATA, 1));
    return client;
  }

  private static Frame goAway(FrameClient client) throws Exception {
    return client.until(frame -> frame.type() == FrameClient.GOAWAY);
  }

  @Test
  void whatCrossesTheAnnouncementIsServed() throws Exception {
    try (RawOrigin origin = origin();
        ProxyProcess proxy = proxy(origin, "2s");
        FrameClient client = streaming(proxy)) {
      proxy.process().toHandle().destroy();
      Frame announced = goAway(client);
      assertThat(announced.lastStream()).isEqualTo(Integer.MAX_VALUE);
      assertThat(announced.code()).isZero();
      client.request(3, true, "GET", "/late");
      assertThat(client.answer(3).status()).isEqualTo("200");
      Frame last = goAway(client);
      assertThat(last.lastStream()).isEqualTo(3);
      assertThat(last.code()).isZero();
      finish.countDown();
      List<String> told = new ArrayList<>();
      client.until(
          frame -> {
            if (frame.is(FrameClient.DATA, 1)) {
              told.add(frame.text());
            }
            return frame.stream() == 1 && frame.ends();
          });
      assertThat(String.join("", told)).contains("[DONE]");
      assertThat(client.last(FrameClient.RST_STREAM)).isNull();
      assertThat(proxy.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(proxy.process().exitValue()).isZero();
    }
  }

  @Test
  void aStreamBehindTheLastIsNotServedAndTheOthersAre() throws Exception {
    try (RawOrigin origin = origin();
        ProxyProcess proxy = proxy(origin, "0s");
        FrameClient client = streaming(proxy)) {
      proxy.process().toHandle().destroy();
      Frame last =
          client.until(frame -> frame.type() == FrameClient.GOAWAY && frame.lastStream() == 1);
      assertThat(last.code()).isZero();
      client.request(3, true, "GET", "/too-late");
      finish.countDown();
      List<Frame> rest = new ArrayList<>();
      for (Frame frame = client.next(); frame != null; frame = client.next()) {
        rest.add(frame);
      }
      assertThat(rest).noneMatch(frame -> frame.is(FrameClient.HEADERS, 3));
      assertThat(rest).anyMatch(frame -> frame.stream() == 1 && frame.ends());
      // RFC 9113 §6.8: an endpoint must not increase the number that it has named.
      assertThat(rest)
          .filteredOn(frame -> frame.type() == FrameClient.GOAWAY)
          .allMatch(frame -> frame.lastStream() <= 1);
      assertThat(heads).noneMatch(head -> head.contains("/too-late"));
      Waits.until(() -> !proxy.process().isAlive());
      assertThat(proxy.process().exitValue()).isZero();
    }
  }

  /** Whoever comes now is told to go elsewhere on the same connection, ahead of the refusal. */
  @Test
  void aRefusalComesBehindTheAnnouncement() throws Exception {
    try (RawOrigin origin = origin();
        ProxyProcess proxy = proxy(origin, "0s");
        FrameClient stream = streaming(proxy)) {
      proxy.process().toHandle().destroy();
      stream.until(frame -> frame.type() == FrameClient.GOAWAY && frame.lastStream() == 1);
      try (FrameClient late = FrameClient.opened(proxy.port())) {
        late.request(1, true, "GET", "/late");
        List<Frame> all = new ArrayList<>();
        for (Frame frame = late.next(); frame != null; frame = late.next()) {
          all.add(frame);
        }
        List<Frame> answer =
            all.stream()
                .filter(
                    frame -> frame.type() == FrameClient.GOAWAY || frame.is(FrameClient.HEADERS, 1))
                .toList();
        assertThat(answer.get(0).type()).isEqualTo(FrameClient.GOAWAY);
        assertThat(answer.get(0).code()).isZero();
        assertThat(answer.get(1).status()).isEqualTo("503");
        // The whole answer comes, then the connection goes: its last stream is the refused one.
        assertThat(all).anyMatch(frame -> frame.stream() == 1 && frame.ends());
        assertThat(all).noneMatch(frame -> frame.type() == FrameClient.RST_STREAM);
        assertThat(answer.get(answer.size() - 1).lastStream()).isEqualTo(1);
      }
      assertThat(heads).noneMatch(head -> head.contains("/late"));
      finish.countDown();
      Waits.until(() -> !proxy.process().isAlive());
    }
  }
}
