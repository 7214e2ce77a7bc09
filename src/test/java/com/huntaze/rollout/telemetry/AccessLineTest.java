package com.huntaze.rollout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.provider.Provider;
import com.sun.management.ThreadMXBean;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The line beside the same one made by a library. */
class AccessLineTest {
  @Provide
  Arbitrary<ExchangeRecord> records() {
    Arbitrary<String> text =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(40),
            Arbitraries.strings().ascii().ofMinLength(505).ofMaxLength(520),
            Arbitraries.of(
                "\"", "\\", "\u202e\u0000\u007f", "\ud83d\ude00", "\ud800", "a/b\r\n\t\b\f"));
    Arbitrary<String> maybe = text.injectNull(0.2);
    Arbitrary<Long> time = Arbitraries.longs().between(0, 4_102_444_800_000L);
    Arbitrary<Long> nanos = Arbitraries.longs().between(-1, Long.MAX_VALUE);
    return Combinators.combine(
            time, text, maybe, nanos, Arbitraries.integers().between(0, 999), maybe, text, nanos)
        .as(
            (at, id, other, duration, status, hidden, route, bytes) ->
                new ExchangeRecord(
                    at,
                    id,
                    other,
                    hidden,
                    false,
                    new ExchangeRecord.Request(
                        other,
                        id,
                        route,
                        hidden,
                        bytes,
                        new ExchangeRecord.Origin(hidden, other, "0123456789abcdef")),
                    new Caller(other, hidden, id),
                    status % 2 == 0 ? Provider.FOUNDRY : null,
                    other,
                    status % 3 == 0,
                    new ExchangeRecord.Served(
                        hidden,
                        other,
                        null,
                        status % 5 == 0,
                        new ExchangeRecord.UpstreamIds(other, hidden)),
                    status < 100 ? 0 : status,
                    status % 7 == 0 ? "complete" : "refused",
                    hidden,
                    status % 4,
                    Math.max(0, duration),
                    duration,
                    -1,
                    List.of()))
        // A line without a method cannot be made where the route does not name one.
        .filter(
            record -> record.request().route().contains(" ") || record.request().method() != null);
  }

  @Property(tries = 2_000)
  void isWhatALibraryWrites(@ForAll("records") ExchangeRecord record) {
    JsonObject expected = new JsonObject(PlainAccessLine.of(record, true));
    expected.put("@timestamp", Instant.parse(expected.getString("@timestamp")));
    String line = AccessLine.of(record, true);
    JsonObject written = new JsonObject(line);
    assertThat(written.getString("@timestamp")).hasSize("2026-11-29T05:40:12.345Z".length());
    written.put("@timestamp", Instant.parse(written.getString("@timestamp")));
    assertThat(written.getMap()).isEqualTo(expected.getMap());
    assertThat(new ArrayList<>(written.fieldNames()))
        .isEqualTo(new ArrayList<>(expected.fieldNames()));
    assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
  }

  @Example
  void aCostThatIsKnownIsToldExactly() {
    assertThat(costOf(priced(4_200)))
        .isEqualTo("\"rollout.cost_nano_usd\":4200,\"rollout.cost_usd\":0.0000042,");
    assertThat(costOf(priced(3_000_000_000L)))
        .isEqualTo("\"rollout.cost_nano_usd\":3000000000,\"rollout.cost_usd\":3,");
  }

  private static String costOf(ExchangeRecord record) {
    String line = AccessLine.of(record, true);
    return line.substring(
        line.indexOf("\"rollout.cost_nano_usd\""), line.indexOf("\"rollout.cost_kind\""));
  }

  private static ExchangeRecord priced(long nano) {
    return record(List.of(new Charge(Provider.FOUNDRY, "gpt-x", null, Cost.exact(nano))));
  }

  private static ExchangeRecord record(List<Charge> charges) {
    return new ExchangeRecord(
        1_700_000_000_123L,
        "0b5cf0a0-8a0b-4a6e-8d1c-000000000001",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        null,
        false,
        new ExchangeRecord.Request("POST", "/v1/chat/completions", "POST chat", 1_024),
        new Caller("support", "gold", "team-a"),
        Provider.FOUNDRY,
        "canary",
        false,
        ExchangeRecord.Served.NOTHING,
        200,
        "complete",
        "success",
        1,
        12_345_678,
        9_876_543,
        -1,
        charges);
  }

  /** Bytes, unlike times, are no noise: a line makes no garbage of its own size. */
  @Example
  void aLineMakesLittleGarbage() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ExchangeRecord record = record(List.of());
    AccessLine line = new AccessLine(true);
    for (int i = 0; i < 20_000; i++) {
      line.write(record);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      line.write(record);
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
    assertThat(each).isLessThan(400);
  }
}
