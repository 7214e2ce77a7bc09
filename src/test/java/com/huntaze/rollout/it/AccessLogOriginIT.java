package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.huntaze.rollout.telemetry.AccessLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A line of the access log says where a request came from, and under which ids it went on. */
@ParameterizedClass
@EnumSource(Wire.class)
class AccessLogOriginIT {
  @Parameter Wire wire;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Logger access = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
  private AppenderBase<ILoggingEvent> appender;

  @BeforeEach
  void listen() {
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
          }
        };
    appender.start();
    access.setAdditive(false);
    access.setLevel(Level.INFO);
    access.addAppender(appender);
  }

  @AfterEach
  void leave() {
    access.detachAppender(appender);
    access.setAdditive(true);
    access.setLevel(null);
  }

  private static void answer(RawOrigin.Call call) throws IOException {
    call.send(
        "HTTP/1.1 200 OK\r\nx-request-id: up-1\r\napim-request-id: apim-1\r\n"
            + "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
  }

  private JsonObject line(JsonObject accessLog, String fields) throws Exception {
    try (RawOrigin origin = new RawOrigin(AccessLogOriginIT::answer)) {
      JsonObject server = wire.server().put("trustedPeers", new JsonArray().add("127.0.0.1"));
      JsonObject settings =
          RunningProxy.before("foundry", origin.url(), origin.url())
              .put("server", server)
              .put("accessLog", accessLog);
      try (RunningProxy proxy = RunningProxy.start(wire, settings);
          TextClient client = proxy.client()) {
        client.send("GET /x HTTP/1.1\r\nHost: p\r\nConnection: close\r\n%s\r\n".formatted(fields));
        assertThat(client.readToEnd()).startsWith("HTTP/1.1 200");
        String line = lines.poll(90, TimeUnit.SECONDS);
        assertThat(line).isNotNull();
        return new JsonObject(line);
      }
    }
  }

  @Test
  void tellsClientUserAgentAndTheProvidersIds() throws Exception {
    JsonObject line =
        line(
            new JsonObject(),
            "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nUser-Agent: sdk/1 (\"x\")\r\nX-User-ID: ann\r\n"
                + "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n");
    assertThat(line.getString("client.ip")).isEqualTo("203.0.113.9");
    assertThat(line.getString("user_agent.original")).isEqualTo("sdk/1 (\"x\")");
    assertThat(line.getString("trace.id")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    // sha256sum of "ann", its first 16 digits.
    assertThat(line.getString("user.hash")).isEqualTo("49915e0d7d4b402e");
    assertThat(line.getString("rollout.provider_request_id")).isEqualTo("up-1");
    assertThat(line.getString("rollout.apim_request_id")).isEqualTo("apim-1");
    assertThat(line.getString("service.node.name")).isNotBlank();
    assertThat(line.encode()).doesNotContain("\"ann\"");
  }

  @Test
  void leavesTheAddressOutWhereThatIsConfigured() throws Exception {
    JsonObject line = line(new JsonObject().put("clientAddress", false), "");
    assertThat(line.containsKey("client.ip")).isTrue();
    assertThat(line.getString("client.ip")).isNull();
    assertThat(line.encode()).doesNotContain("127.0.0.1");
  }
}
