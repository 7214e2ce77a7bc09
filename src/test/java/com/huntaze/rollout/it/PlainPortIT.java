package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.tls.PlainListener;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A client that calls https:// on a plain port learns it at once, and the log tells whom. */
class PlainPortIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final Duration BOUND = Duration.ofSeconds(2);

  private static RunningProxy proxy;
  private static ListAppender<ILoggingEvent> logged;

  @BeforeAll
  static void start() {
    logged = new ListAppender<>();
    logged.start();
    logger().addAppender(logged);
    proxy = RunningProxy.start(RunningProxy.before("legacy", UNUSED, UNUSED));
  }

  @AfterAll
  static void stop() {
    logger().detachAppender(logged);
    proxy.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(PlainListener.class);
  }

  private static void handshake(int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            SSLSocketFactory.getDefault().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(90_000);
      socket.startHandshake();
    }
  }

  @Test
  void aHandshakeIsAnsweredAtOnceAndToldOnceForEachPort() throws Exception {
    for (int port : List.of(proxy.port(), proxy.adminPort())) {
      for (int i = 0; i < 2; i++) {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> handshake(port)).isInstanceOf(SSLException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Waits.bound(BOUND));
      }
    }
    List<String> told = logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    // Once a process, in which another suite may have been told.
    assertThat(told).filteredOn(line -> line.contains("the data port")).hasSizeLessThanOrEqualTo(1);
    assertThat(told)
        .filteredOn(line -> line.contains("the admin port"))
        .singleElement()
        .asString()
        .matches(
            "A client at /?127\\.0\\.0\\.1:\\d+ speaks TLS to the admin port, which speaks plain"
                + " HTTP: it has to call http://, or admin\\.tls has to be set\\. This is said"
                + " once\\.");
  }

  @Test
  void whatComesInPiecesIsTheSame() throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send("\u0016");
      assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 400 ");
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(proxy.post("/x", "{}").statusCode()).isEqualTo(503);
  }
}
