package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.CostLedger;
import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.LedgerSnapshot;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The books of several replicas as one. */
class FleetCostsTest {
  private static final long NOON = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();
  private static final int REPLICAS = 3;

  private static CostLedger ledger() {
    return new CostLedger(PriceBook.of(PriceListSettings.EMPTY), Map.of(), 50);
  }

  private static void charge(CostLedger ledger, Random random) {
    long at = NOON + TimeUnit.HOURS.toMillis(random.nextInt(200));
    Cost cost = random.nextInt(5) == 0 ? Cost.UNKNOWN : Cost.exact(random.nextInt(1_000));
    ledger.add(
        at,
        new Caller("key-" + random.nextInt(4), "tier-" + random.nextInt(2), null),
        List.of(new Charge(Provider.LEGACY, "m" + random.nextInt(5), Usage.of(1, 2), cost)));
  }

  private static LedgerSnapshot asTold(LedgerSnapshot books, Dimension by) {
    return LedgerJson.readOfOthers(new JsonObject(LedgerJson.write(books.only(by)))).only(by);
  }

  /** To the nano-dollar, altogether, by hour and by day. */
  @ParameterizedTest
  @EnumSource(Dimension.class)
  void booksOfAllAddUpToThoseOfOneThatHasSeenAll(Dimension by) {
    CostLedger all = ledger();
    LedgerSnapshot sum = ledger().snapshot().only(by);
    for (int i = 0; i < REPLICAS; i++) {
      CostLedger one = ledger();
      for (int n = 0; n < 300; n++) {
        charge(one, new Random(1_000L * i + n));
        charge(all, new Random(1_000L * i + n));
      }
      sum = sum.plus(asTold(one.snapshot(), by));
    }
    JsonObject expected = CostsJson.of(all.snapshot(), by);
    JsonObject told = CostsJson.of(sum, by);
    for (String part : List.of("total", "rows", "days")) {
      assertThat(told.getValue(part)).as(part).isEqualTo(expected.getValue(part));
    }
    // Each keeps the last hours in which it was charged: of the sum's the newest are whole.
    assertThat(sum.hours()).hasSize(72);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"total\":7,\"hours\":[],\"days\":[]}",
        "{\"total\":{\"from\":0,\"by\":{\"model\":{\"m\":[1]}}},\"hours\":[],\"days\":[]}",
        "{\"total\":{\"from\":0,\"by\":{\"model\":{\"m\":[-1,0,0,0,0,0,0,0]}}},\"hours\":[],\"days\":[]}",
        "{\"total\":{\"from\":0,\"by\":{\"model\":{\"m\":[0,0,0,9223372036854775807,0,0,0,0]}}},\"hours\":[],\"days\":[]}"
      })
  void whatIsNoBooksIsRefused(String told) {
    JsonObject json = new JsonObject(told);
    assertThatThrownBy(() -> LedgerJson.readOfOthers(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ");
  }

  @Test
  void aSumKeepsNoMorePeriodsAndRowsThanItHasRoomFor() {
    StringBuilder rows = new StringBuilder();
    StringBuilder days = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      rows.append(i == 0 ? "" : ",").append("\"m%d\":[1,0,0,1,0,0,0,0]".formatted(i));
    }
    for (int i = 0; i < 1_000; i++) {
      days.append(i == 0 ? "" : ",").append("{\"from\":%d,\"by\":{}}".formatted(i));
    }
    JsonObject hostile =
        new JsonObject(
            "{\"total\":{\"from\":0,\"by\":{\"model\":{%s}}},\"hours\":[],\"days\":[%s]}"
                .formatted(rows, days));
    LedgerSnapshot sum =
        ledger().snapshot().only(Dimension.MODEL).plus(LedgerJson.readOfOthers(hostile));
    assertThat(sum.total().by().get(Dimension.MODEL)).hasSizeLessThanOrEqualTo(10_001);
    assertThat(sum.total().by().get(Dimension.MODEL).get("other").requests()).isEqualTo(10_000);
    assertThat(sum.days()).hasSize(400);
  }
}
