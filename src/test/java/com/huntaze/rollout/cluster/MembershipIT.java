package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.ByReferenceCodec;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.failover.RetryBudget;
import com.huntaze.rollout.failover.RetryBudgetSettings;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.fleet.SlotClaim;
import com.huntaze.rollout.judge.fleet.SlotClaims;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.quota.SharedLimit;
import com.huntaze.rollout.quota.SharedLimits;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A member that nobody else has joined, or whose leader is gone. */
class MembershipIT {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, "");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<Frame.Kind> sent = new CopyOnWriteArrayList<>();
  private final RetryBudget budget = new RetryBudget(new RetryBudgetSettings(0, 9));
  private volatile long now = 1_000_000;
  private Membership<String> membership;

  /** The limits of this member: its retry budget. */
  private final SharedLimits limits =
      new SharedLimits() {
        @Override
        public List<SharedLimit> all() {
          return List.of(budget);
        }

        @Override
        public void replicas(int count) {
          // No other limit comes into force.
        }
      };

  @BeforeEach
  void begin() {
    ByReferenceCodec.register(
        vertx, SourceReport.class, SlotClaims.class, SlotAnswers.class, ExchangeBatch.class);
    log.start();
    ((Logger) LoggerFactory.getLogger(AloneWatch.class)).addAppender(log);
    DiscoverySettings others = new DiscoverySettings(List.of(), "rollout.internal");
    ClusterSettings settings =
        new ClusterSettings(
            "rollout", "127.0.0.1", 7_800, others, null, "directory", List.of(), null);
    ClusterParts parts =
        new ClusterParts(
            bus,
            new FileWatch(vertx),
            settings,
            "a",
            "0.2.0",
            registry,
            () -> "hash",
            limits,
            null);
    membership = new Membership<>(vertx, parts, this::sent, () -> now);
    membership.listen("127.0.0.1:7800");
  }

  private void sent(String to, byte[] bytes) {
    try {
      Frame.decode(bytes).map(Frame::kind).ifPresent(sent::add);
    } catch (Frame.StrangeFrameException strange) {
      throw new AssertionError(strange);
    }
  }

  @AfterEach
  void stop() {
    ((Logger) LoggerFactory.getLogger(AloneWatch.class)).detachAppender(log);
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

  private void told(String by, String configuration) {
    JsonObject status =
        new JsonObject().put("replica", by).put("leads", false).put("configuration", configuration);
    membership.received(by, Frame.of(Frame.Kind.STATUS, status).encode());
  }

  private void lead() {
    bus.publish(FleetAddresses.LEAD, new JsonObject().put("leads", true).put("term", 1L));
    Waits.until(
        () -> bus.<JsonObject>ask(FleetAddresses.GET, null, 5_000).await(),
        all -> "a".equals(all.getString("leader")));
  }

  @Test
  void aDriftIsAnAlertAndHoldsThePromotionUntilItEnds() {
    List<JsonObject> alerts = new CopyOnWriteArrayList<>();
    List<String> holds = new CopyOnWriteArrayList<>();
    bus.hear(CanaryAddresses.ALERT, JsonObject.class, alerts::add);
    bus.hear(FleetAddresses.HOLD, JsonObject.class, hold -> holds.add(hold.getString("sentence")));
    membership.members(List.of("b", "c"));
    lead();
    told("b", "hash");
    told("c", "other");
    membership.tick();
    now += 60_000;
    told("c", "other");
    membership.tick();
    Waits.until(() -> alerts.size() == 1 && holds.size() == 1);
    assertThat(alerts.get(0).getString("kind")).isEqualTo("configuration_drift");
    assertThat(alerts.get(0).getString("sentence")).contains("replica c differs");
    // Nor has any of them sent rows.
    assertThat(holds.get(0))
        .contains(
            "replica c differs from that of a for over 60 s", "the rows of 2 of 3 replicas (");
    told("c", "hash");
    membership.tick();
    Waits.until(() -> alerts.size() == 2);
    assertThat(alerts.get(1).getString("kind")).isEqualTo("configuration_drift_over");
  }

  @Test
  void aMemberThatIsGoneIsCountedNamedAndToldUntilItIsBack() {
    List<JsonObject> alerts = new CopyOnWriteArrayList<>();
    bus.hear(CanaryAddresses.ALERT, JsonObject.class, alerts::add);
    membership.members(List.of("b", "c"));
    lead();
    told("b", "hash");
    told("c", "hash");
    membership.members(List.of("b"));
    membership.tick();
    assertThat(registry.get("rollout.cluster.members.missing").gauge().value()).isEqualTo(1);
    assertThat(bus.<JsonObject>ask(FleetAddresses.GET, null, 5_000).await().getJsonArray("missing"))
        .containsExactly("c");
    now += PartWatch.PARTED_MILLIS;
    told("b", "hash");
    membership.tick();
    Waits.until(() -> alerts.size() == 1);
    assertThat(alerts.get(0).getString("kind")).isEqualTo("cluster_parted");
    assertThat(alerts.get(0).getString("sentence")).contains("hears 2 of 3 replicas, not c;");
    membership.members(List.of("b", "c"));
    told("c", "hash");
    membership.tick();
    Waits.until(() -> alerts.size() == 2);
    assertThat(alerts.get(1).getString("kind")).isEqualTo("cluster_parted_over");
    assertThat(registry.get("rollout.cluster.members.missing").gauge().value()).isZero();
  }

  /** Its rollback is taken as any other; what it counts that nobody here knows is not. */
  @Test
  void aRollbackOfALaterVersionIsHeardAndNothingIsPromotedBesideIt() {
    List<JsonObject> heard = new CopyOnWriteArrayList<>();
    List<String> holds = new CopyOnWriteArrayList<>();
    bus.hear(FleetAddresses.HEARD, JsonObject.class, heard::add);
    bus.hear(FleetAddresses.HOLD, JsonObject.class, hold -> holds.add(hold.getString("sentence")));
    membership.members(List.of("b", "c"));
    lead();
    told("b", "hash");
    JsonObject status =
        new JsonObject()
            .put("replica", "c")
            .put("leads", false)
            .put("configuration", "hash")
            .put("mood", new JsonObject().put("of", "later"));
    later(Frame.Kind.STATUS, status);
    JsonObject news = new JsonObject().put("rollback", new JsonObject()).put("colour", "blue");
    later(Frame.Kind.NEWS, news);
    byte[] unknown = Frame.of(Frame.Kind.STATUS, status).encode();
    unknown[6] = 26;
    membership.received("c", unknown);
    membership.tick();
    Waits.until(() -> heard.contains(news) && !holds.isEmpty());
    assertThat(holds.get(0))
        .contains("a leader that knows all versions (that of replica c is later than this one's)");
    // The later one is replaced by one of this version.
    told("c", "hash");
    membership.tick();
    Waits.until(() -> !holds.get(holds.size() - 1).contains("versions"));
  }

  private void later(Frame.Kind kind, JsonObject body) {
    membership.received("c", new Frame(Frame.MINOR + 1, kind, body).encode());
  }

  @ParameterizedTest
  @MethodSource("com.huntaze.rollout.cluster.FramesOfOthersTest#sent")
  void whatAnotherVersionHasSentIsTaken(FramesOfOthersTest.Sent frame) {
    membership.members(List.of("b", "c"));
    lead();
    told("b", "hash");
    membership.received("b", frame.bytes());
    assertThat(registry.get("rollout.cluster.frames.dropped").functionCounter().count()).isZero();
  }

  private static JsonObject demands(String replica, int most) {
    return new JsonObject()
        .put("replica", replica)
        .put("demands", new JsonObject().put("retries", new JsonArray().add(3 * most).add(most)));
  }

  private long retries() {
    return IntStream.range(0, 20).filter(i -> budget.tryRetry(now)).count();
  }

  private double share() {
    return registry.get("rollout.limit.share").tag("limit", "retries").gauge().value();
  }

  private void second() {
    for (int i = 0; i < 8; i++) {
      now += 250;
      membership.tick();
    }
  }

  @Test
  void aLimitIsDividedByWhatTheOthersTell() {
    assertThat(retries()).isEqualTo(9);
    second();
    assertThat(share()).isEqualTo(1);
    membership.members(List.of("b", "c"));
    second();
    assertThat(retries()).isEqualTo(3);
    assertThat(share()).isCloseTo(1 / 3.0, within(0.001));
    assertThat(sent).contains(Frame.Kind.DEMANDS);
    membership.received("b", Frame.of(Frame.Kind.DEMANDS, demands("b", 5)).encode());
    // Whoever is no member divides nothing.
    membership.received("d", Frame.of(Frame.Kind.DEMANDS, demands("d", 500)).encode());
    second();
    assertThat(retries()).isBetween(1L, 2L);
    assertThat(share()).isCloseTo(1 / 8.0, within(0.001));
    membership.members(List.of("c"));
    second();
    assertThat(retries()).isBetween(4L, 5L);
  }

  @Test
  void demandsThatAreNoneAreCounted() {
    membership.members(List.of("b"));
    JsonObject many = new JsonObject();
    IntStream.range(0, 129).forEach(i -> many.put("limit-" + i, new JsonArray().add(1).add(1)));
    for (JsonObject strange :
        List.of(
            demands("b", -1),
            demands("b", 1).put("demands", many),
            demands("b", 1).put("demands", "many"),
            demands("b", 1).putNull("demands"),
            demands("b", 1).putNull("replica"),
            told(new JsonArray()),
            told("many"),
            told(null),
            told(new JsonArray().add(1)),
            told(new JsonArray().add(1).addNull()))) {
      membership.received("b", Frame.of(Frame.Kind.DEMANDS, strange).encode());
    }
    assertThat(registry.get("rollout.cluster.frames.dropped").functionCounter().count())
        .isEqualTo(10);
  }

  private static JsonObject told(Object demand) {
    return demands("b", 1).put("demands", new JsonObject().put("retries", demand));
  }

  /** The budget of retries lends nothing, and no member may make it do so. */
  @Test
  void whatIsNotLentIsAnsweredAndWhatIsNoQuestionIsCounted() {
    membership.members(List.of("b"));
    membership.received("b", borrow(1_000, 2_000));
    assertThat(sent).endsWith(Frame.Kind.LENT);
    sent.clear();
    List.of(
            borrow(null, 1),
            borrow(1, null),
            borrow(-1, 1),
            borrow(1_001, 2_000),
            borrow("much", 1),
            borrow(1, Long.MAX_VALUE),
            frame(Frame.Kind.LENT, new JsonObject().put("limit", "retries")),
            frame(Frame.Kind.LENT, new JsonObject().put("limit", "retries").put("lent", -5)))
        .forEach(strange -> membership.received("b", strange));
    assertThat(registry.get("rollout.cluster.frames.dropped").functionCounter().count())
        .isEqualTo(8);
    // One that nobody waits for is none of ours.
    membership.received(
        "b", frame(Frame.Kind.LENT, new JsonObject().put("limit", "retries").put("lent", 5)));
    membership.look();
    assertThat(sent).isEmpty();
  }

  private static byte[] borrow(Object need, Object room) {
    return frame(
        Frame.Kind.BORROW,
        new JsonObject().put("limit", "retries").put("need", need).put("room", room));
  }

  private static byte[] frame(Frame.Kind kind, JsonObject body) {
    return Frame.of(kind, body).encode();
  }

  /** A leader of an earlier version is asked for no slots. */
  @Test
  void slotsAreClaimedOfALeaderThatKnowsThem() {
    List<SlotAnswers> answers = new CopyOnWriteArrayList<>();
    bus.hear(FleetAddresses.SLOTS_ANSWERED, SlotAnswers.class, answers::add);
    membership.members(List.of("b"));
    JsonObject leads = new JsonObject().put("replica", "b").put("leads", true).put("term", 2L);
    SlotClaims claims = new SlotClaims(List.of(new SlotClaim(7, 1)));
    membership.received("b", new Frame(0, Frame.Kind.STATUS, leads).encode());
    claimed(claims);
    membership.tick();
    Waits.until(() -> answers.size() == 1);
    assertThat(answers.get(0).granted()).hasSize(1);
    assertThat(sent).doesNotContain(Frame.Kind.SLOTS);
    membership.received("b", Frame.of(Frame.Kind.STATUS, leads).encode());
    claimed(claims);
    Waits.until(
        () -> {
          membership.tick();
          return sent.contains(Frame.Kind.SLOTS);
        });
    assertThat(answers).hasSize(1);
    membership.received(
        "b", Frame.of(Frame.Kind.SLOTS_ANSWER, new JsonObject().put("id", 1L)).encode());
    Waits.until(() -> answers.size() == 2);
    assertThat(answers.get(1).refused()).hasSize(1);
  }

  @Test
  void numbersThatAreMissingAreCounted() {
    membership.members(List.of("b"));
    told("b", "hash");
    lead();
    List.of(
            frame(Frame.Kind.EXCHANGES, exchanges(1).putNull("l")),
            frame(Frame.Kind.EXCHANGES, exchanges(1).putNull("n")),
            frame(Frame.Kind.EXCHANGES, exchanges(1).put("l", 31)),
            frame(Frame.Kind.EXCHANGES_TAKEN, new JsonObject().put("to", 1).putNull("l")),
            frame(Frame.Kind.EXCHANGES_TAKEN, new JsonObject().putNull("to")),
            frame(Frame.Kind.EXCHANGES_TAKEN, new JsonObject()))
        .forEach(strange -> membership.received("b", strange));
    assertThat(registry.get("rollout.cluster.frames.dropped").functionCounter().count())
        .isEqualTo(6);
  }

  /** The bus hands it over in its own time: a question after it is answered after it. */
  private void claimed(SlotClaims claims) {
    bus.publish(FleetAddresses.SLOTS, claims);
    bus.<JsonObject>ask(FleetAddresses.GET, null, 5_000).await();
  }

  private static JsonObject exchanges(long number) {
    return exchanges("replica-b", number);
  }

  private static JsonObject exchanges(String source, long number) {
    Compared.Origin origin =
        new Compared.Origin(Provider.FOUNDRY, "1-a", 0, number, 0, ExchangeKind.UNKNOWN);
    Compared ended = new Compared(origin, Meaning.COMPLETE.outcome(), 5, false, 5, 5);
    ExchangeBatch batch = new ExchangeBatch(source, number, 1, 0, List.of(ended), List.of());
    return ExchangesJson.write(batch, 0);
  }

  /** The judge hears of a leader's members, and of nobody else; they hear what he has taken. */
  @Test
  void aLeaderHandsOnTheExchangesOfItsMembers() {
    List<ExchangeBatch> heard = new CopyOnWriteArrayList<>();
    bus.hear(FleetAddresses.EXCHANGES, ExchangeBatch.class, heard::add);
    membership.members(List.of("b", "c"));
    told("b", "hash");
    told("c", "hash");
    membership.received("b", Frame.of(Frame.Kind.EXCHANGES, exchanges(1)).encode());
    lead();
    // Nor does a member speak for another: a number of its own making would hide the other's.
    membership.received("c", Frame.of(Frame.Kind.EXCHANGES, exchanges(9)).encode());
    membership.received("stranger", Frame.of(Frame.Kind.EXCHANGES, exchanges(2)).encode());
    membership.received("b", Frame.of(Frame.Kind.EXCHANGES, exchanges(3)).encode());
    Waits.until(() -> !heard.isEmpty());
    assertThat(heard.stream().map(ExchangeBatch::number)).containsExactly(3L);
    bus.publish(
        FleetAddresses.EXCHANGES_TAKEN, new JsonObject().put("source", "replica-b").put("to", 3L));
    Waits.until(() -> sent.contains(Frame.Kind.EXCHANGES_TAKEN));
  }

  /** Of a leader that is gone a member that was its deputy tells, and hears what the judge has. */
  @Test
  void aLeaderTakesTheExchangesOfOneThatIsGoneFromItsDeputies() {
    List<ExchangeBatch> heard = new CopyOnWriteArrayList<>();
    bus.hear(FleetAddresses.EXCHANGES, ExchangeBatch.class, heard::add);
    membership.members(List.of("b", "c"));
    told("b", "hash");
    told("c", "hash");
    lead();
    membership.received("c", Frame.of(Frame.Kind.EXCHANGES, exchanges("replica-z", 1)).encode());
    Waits.until(() -> !heard.isEmpty());
    assertThat(heard).extracting(ExchangeBatch::source).containsExactly("replica-z");
    assertThat(sent).doesNotContain(Frame.Kind.EXCHANGES_TAKEN);
    bus.publish(
        FleetAddresses.EXCHANGES_TAKEN, new JsonObject().put("source", "replica-z").put("to", 1L));
    Waits.until(() -> sent.contains(Frame.Kind.EXCHANGES_TAKEN));
  }

  /** A leader tells its deputies of what it has served itself. */
  @Test
  void aLeaderTellsItsDeputiesOfItsExchanges() {
    membership.members(List.of("b"));
    told("b", "hash");
    lead();
    Compared ended =
        new Compared(
            new Compared.Origin(Provider.FOUNDRY, "1-a", 0, 7, 0, ExchangeKind.UNKNOWN),
            Meaning.COMPLETE.outcome(),
            5,
            false,
            5,
            5);
    SourceReport report = new SourceReport("loop", List.of(), List.of(ended), List.of(), false);
    Waits.until(
        () -> {
          // A report may come after seconds of this clock, or between two of its ticks.
          bus.publish(CanaryAddresses.ROWS, report);
          told("b", "hash");
          second();
          return sent.contains(Frame.Kind.EXCHANGES);
        });
  }

  @Test
  void exchangesThatAreNoneAreCounted() {
    membership.members(List.of("b"));
    lead();
    List<JsonObject> strange =
        List.of(
            new JsonObject(),
            exchanges(1).put("n", -1),
            exchanges(1).put("l", 99),
            exchanges(1).put("x", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}),
            exchanges(1).put("e", "all"));
    strange.forEach(
        each -> membership.received("b", Frame.of(Frame.Kind.EXCHANGES, each).encode()));
    JsonObject answer = new JsonObject().put("to", "all").put("l", -1);
    membership.received("b", Frame.of(Frame.Kind.EXCHANGES_TAKEN, answer).encode());
    assertThat(registry.get("rollout.cluster.frames.dropped").functionCounter().count())
        .isEqualTo(strange.size() + 1);
  }

  /** A leader of an earlier version is told no exchanges. */
  @Test
  void exchangesGoToALeaderThatKnowsThem() {
    membership.members(List.of("b"));
    JsonObject leads = new JsonObject().put("replica", "b").put("leads", true).put("term", 2L);
    membership.received("b", new Frame(3, Frame.Kind.STATUS, leads).encode());
    second();
    assertThat(sent).doesNotContain(Frame.Kind.EXCHANGES);
    membership.received("b", Frame.of(Frame.Kind.STATUS, leads).encode());
    second();
    assertThat(sent).contains(Frame.Kind.EXCHANGES);
  }
}
