package com.huntaze.rollout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.provider.Provider;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivityTest {
  private final Activity activity = new Activity(3);

  private static ExchangeRecord record(
      String id, Provider provider, boolean fallback, int status, String ending) {
    return record(0, id, provider, fallback, status, ending);
  }

  private static ExchangeRecord record(
      long endedAt, String id, Provider provider, boolean fallback, int status, String ending) {
    return new ExchangeRecord(
        endedAt,
        id,
        null,
        null,
        false,
        new ExchangeRecord.Request("POST", "/route", "POST /route", 10),
        new Caller(null, null, null),
        provider,
        "weight",
        fallback,
        new ExchangeRecord.Served(null, null, null, true),
        status,
        ending,
        "success",
        1,
        5_000_000,
        2_000_000,
        -1,
        List.of());
  }

  private void add(String id, Provider provider, boolean fallback, int status, String ending) {
    activity.add(record(id, provider, fallback, status, ending));
  }

  @Test
  void theNewestReceiptsAreKeptNewestFirst() {
    for (String id : List.of("a", "b", "c", "d")) {
      add(id, Provider.LEGACY, false, 200, "complete");
    }
    assertThat(activity.newest(100, any -> true))
        .extracting(ExchangeRecord::correlationId)
        .containsExactly("d", "c", "b");
    assertThat(activity.newest(2, any -> true)).hasSize(2);
    assertThat(activity.newest(100, each -> each.correlationId().equals("b"))).hasSize(1);
  }

  /** However many succeed, or are refused: one that has failed is found, and that for a while. */
  @Test
  void ofASecondSomeOfEachKindAreKeptAndAllAreCounted() {
    Activity many = new Activity(10_000);
    int seconds = 12;
    int each = 1_000;
    for (int i = 0; i < seconds * each; i++) {
      long at = 1_700_000_000_000L + i;
      many.add(record(at, "good" + i, Provider.FOUNDRY, false, 200, "complete"));
      many.add(record(at, "no" + i, null, false, 401, "refused"));
      if (i % 10 == 0) {
        many.add(record(at, "bad" + i, Provider.FOUNDRY, false, 502, "complete"));
      }
    }
    for (String kind : List.of("good", "no")) {
      assertThat(many.newest(10_000, one -> one.correlationId().startsWith(kind)))
          .hasSize(seconds * 250);
    }
    assertThat(many.newest(10_000, one -> one.correlationId().startsWith("bad")))
        .hasSize(seconds * each / 10);
    assertThat(many.look().foundry().requests()).isEqualTo(seconds * (each + each / 10));
  }

  @Test
  void noTextOfAStrangersIsKeptWhole() {
    String huge = "x".repeat(1 << 20);
    ExchangeRecord.Request asked =
        new ExchangeRecord.Request(
            huge, huge, "POST /route", huge, 10, ExchangeRecord.Origin.UNKNOWN);
    ExchangeRecord.Served served =
        new ExchangeRecord.Served(
            huge, huge, huge, true, new ExchangeRecord.UpstreamIds(huge, huge));
    Charge charge = new Charge(Provider.LEGACY, huge, huge, huge, null, Cost.ZERO);
    activity.add(
        new ExchangeRecord(
            0,
            huge,
            huge,
            null,
            false,
            asked,
            new Caller(null, huge, huge),
            Provider.LEGACY,
            "weight",
            false,
            served,
            200,
            "complete",
            "success",
            1,
            5,
            2,
            -1,
            Collections.nCopies(99, charge)));
    ExchangeRecord kept = activity.newest(1, any -> true).get(0);
    assertThat(kept.toString().length()).isLessThan(16 * 3 * 150 + 3_000);
    assertThat(kept.charges()).hasSize(16);
    ExchangeRecord small = record("a", Provider.LEGACY, false, 200, "complete");
    activity.add(small);
    assertThat(activity.newest(1, any -> true).get(0)).isSameAs(small);
  }

  @Test
  void aRequestThatLegacyServedInsteadCountsForFoundry() {
    add("a", Provider.LEGACY, true, 200, "complete");
    Activity.Counts counts = activity.look();
    assertThat(counts.foundry().requests()).isEqualTo(1);
    assertThat(counts.foundry().servedByLegacy()).isEqualTo(1);
    assertThat(counts.foundry().clientErrors()).isZero();
    assertThat(counts.legacy().requests()).isZero();
  }

  @Test
  void clientsSawAnErrorWhereTheyWereToldOneOrTheAnswerBrokeOff() {
    add("a", Provider.FOUNDRY, false, 502, "complete");
    add("b", Provider.FOUNDRY, false, 429, "complete");
    add("c", Provider.FOUNDRY, false, 200, "upstream_failed");
    add("d", Provider.FOUNDRY, false, 404, "complete");
    add("e", Provider.FOUNDRY, false, 200, "client_gone");
    assertThat(activity.look().foundry().clientErrors()).isEqualTo(3);
  }

  @Test
  void aRequestThatNobodyWasAskedForIsRefused() {
    add("a", null, false, 401, "refused");
    Activity.Counts counts = activity.look();
    assertThat(counts.refused()).isEqualTo(1);
    assertThat(counts.foundry().requests() + counts.legacy().requests()).isZero();
  }

  @Test
  void timesToFirstContentAreThoseSinceTheLastLook() {
    add("a", Provider.FOUNDRY, false, 200, "complete");
    assertThat(activity.look().foundry().firstContent().getMaxValue()).isEqualTo(2);
    assertThat(activity.look().foundry().firstContent().getTotalCount()).isZero();
  }
}
