package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.ByReferenceCodec;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.judge.window.SourceReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A member that nobody else has joined, or whose leader is gone. */
class MembershipIT {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, "");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private long now = 1_000_000;
  private Membership<String> membership;

  @BeforeEach
  void begin() {
    ByReferenceCodec.register(vertx, SourceReport.class);
    log.start();
    ((Logger) LoggerFactory.getLogger(Membership.class)).addAppender(log);
    DiscoverySettings others = new DiscoverySettings(List.of(), "rollout.internal");
    ClusterSettings settings =
        new ClusterSettings("rollout", "127.0.0.1", 7_800, others, null, "directory");
    ClusterParts parts = new ClusterParts(bus, settings, "a", "0.2.0", registry, () -> "hash");
    membership = new Membership<>(vertx, parts, (to, frame) -> {}, () -> now);
    membership.listen();
  }

  @AfterEach
  void stop() {
    ((Logger) LoggerFactory.getLogger(Membership.class)).detachAppender(log);
    vertx.close().await();
  }

  private List<String> warnings() {
    return log.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains("alone"))
        .toList();
  }

  private double members() {
    return registry.get("rollout.cluster.members").gauge().value();
  }

  @Test
  void whoIsAloneForLongSaysSoOnceEachTime() {
    now += 29_999;
    membership.tick();
    assertThat(warnings()).isEmpty();
    now += 1;
    membership.tick();
    membership.tick();
    assertThat(warnings())
        .containsExactly(
            "This replica has been alone in cluster rollout for 30 s: it judges its own traffic,"
                + " and nobody else's (expected: other members at the addresses of"
                + " rollout.internal)");
    membership.members(List.of("b"));
    now += 60_000;
    membership.tick();
    assertThat(members()).isEqualTo(2);
    membership.members(List.of());
    assertThat(members()).isEqualTo(1);
    now += 30_000;
    membership.tick();
    assertThat(warnings()).hasSize(2);
  }

  @Test
  void withoutALeaderAnOrderIsRefusedWithWhatWorks() {
    membership.members(List.of("b", "c"));
    assertThatThrownBy(
            () ->
                bus.ask(FleetAddresses.FORWARD, new JsonObject().put("command", "start"), 5_000)
                    .await())
        .isInstanceOf(ReplyException.class)
        .hasMessage(
            "order: no leader is heard among the 2 other members, so nobody can carry it out"
                + " (expected: another try in a few seconds; a rollback works now)")
        .satisfies(failure -> assertThat(((ReplyException) failure).failureCode()).isEqualTo(503));
  }

  @Test
  void whatIsNoFrameIsCounted() {
    membership.members(List.of("b"));
    membership.received("b", "GET / HTTP/1.1\r\n\r\n".getBytes());
    membership.received("b", new byte[0]);
    assertThat(registry.get("rollout.cluster.frames.dropped").functionCounter().count())
        .isEqualTo(2);
  }
}
