package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.fleet.ProcessRows;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.judge.window.UserSampler;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowsJsonTest {
  private static final int MOST_BYTES = 10_000;

  /** The counts of a busy process: all tables are full. */
  private static SourceReport report() {
    ObservationCounter counter = new ObservationCounter("one", Thresholds.of(Health.DEFAULTS));
    counter.began("1-a", 2);
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      long user = UserSampler.hash("user-" + random.nextInt(500));
      long key = UserSampler.hash("key-" + random.nextInt(40));
      Provider provider = i % 3 == 0 ? Provider.LEGACY : Provider.FOUNDRY;
      counter
          .open(provider, "1-a", 2, new Requester(user, key), i % 4 == 0)
          .settle(random.nextInt(10) > 0, random.nextInt(3_000), 1_000 * i, "model-" + i % 5);
    }
    ProcessRows sums = new ProcessRows("replica-5f0c2a91");
    counter.rows().forEach(sums::take);
    return new SourceReport("replica-5f0c2a91", sums.rows(), List.of(), List.of(), false);
  }

  /** Added to others' it would make the judge throw at each look, or undo what they counted. */
  @Test
  void aNumberThatIsNoneIsRefused() {
    for (Object nats : List.of(Double.POSITIVE_INFINITY, Double.NaN, -1e16)) {
      JsonObject body = RowsJson.write(report());
      totals(body).getJsonArray("w").set(0, nats);
      assertThatThrownBy(() -> RowsJson.read(body))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("w: " + nats);
    }
    for (long count : new long[] {-1, Long.MAX_VALUE}) {
      JsonObject body = RowsJson.write(report());
      JsonObject all = totals(body).getJsonObject("a");
      all.put(all.fieldNames().iterator().next(), count);
      assertThatThrownBy(() -> RowsJson.read(body))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("count: " + count);
    }
  }

  private static JsonObject totals(JsonObject report) {
    return report.getJsonArray("rows").getJsonObject(0).getJsonObject("f").getJsonObject("t");
  }

  @Test
  void comesBackAsItWasCounted() {
    SourceReport sent = report();
    JsonObject body = RowsJson.write(sent);
    SourceReport read = RowsJson.read(new JsonObject(body.toBuffer()));
    assertThat(read.source()).isEqualTo(sent.source());
    assertThat(read.last()).isFalse();
    MetricsRow before = sent.rows().get(0);
    MetricsRow after = read.rows().get(0);
    for (Provider provider : Provider.values()) {
      assertThat(after.of(provider).totals()).isEqualTo(before.of(provider).totals());
      assertThat(after.of(provider).keys()).isEqualTo(before.of(provider).keys());
      assertThat(after.of(provider).models()).isEqualTo(before.of(provider).models());
      assertThat(after.of(provider).apart()).isEqualTo(before.of(provider).apart()).isNotEmpty();
    }
    assertThat(after.version()).isEqualTo(before.version());
    assertThat(after.born()).isEqualTo(before.born());
    assertThat(RowsJson.write(read)).isEqualTo(body);
  }

  @Test
  void aHundredReplicasSendOneMegabyteASecondTogether() {
    int bytes = Frame.of(Frame.Kind.ROWS, RowsJson.write(report())).encode().length;
    assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
  }

  @Test
  void whatIsMissingOrOfAnotherKindIsRefused() {
    JsonObject whole = new JsonObject(RowsJson.write(report()).toBuffer());
    for (String name : List.copyOf(whole.fieldNames())) {
      JsonObject without = whole.copy();
      without.remove(name);
      assertThatThrownBy(() -> RowsJson.read(without)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> RowsJson.read(whole.copy().put(name, new JsonArray().add(1))))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String name : List.of("t", "k", "h", "m", "a")) {
      JsonObject without = whole.copy();
      without.getJsonArray("rows").getJsonObject(0).getJsonObject("f").remove(name);
      assertThatThrownBy(() -> RowsJson.read(without)).isInstanceOf(IllegalArgumentException.class);
    }
    JsonObject noHistogram = whole.copy();
    noHistogram
        .getJsonArray("rows")
        .getJsonObject(0)
        .getJsonObject("f")
        .getJsonObject("h")
        .put("LATENCY_P95", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> RowsJson.read(noHistogram))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("histogram");
  }

  @Test
  void endlessListsAreRefused() {
    JsonObject body = new JsonObject(RowsJson.write(report()).toBuffer());
    JsonArray rows = body.getJsonArray("rows");
    while (rows.size() < 17) {
      rows.add(rows.getJsonObject(0));
    }
    assertThatThrownBy(() -> RowsJson.read(body)).hasMessage("rows: 17 (expected: at most 16)");
  }
}
