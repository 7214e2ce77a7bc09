package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Rows of several sources, lost, doubled and reordered, over changes of epoch and stage. */
class CollectorPropertyTest {
  private static final int SECONDS = 20;
  private static final int LEAST = 30;

  @Property(tries = 300)
  void holdsExactlyWhatTheDeliveredRowsTellOfTheCurrentStage(
      @ForAll @Size(max = 250) List<@IntRange(min = 0, max = 99) Integer> moves,
      @ForAll long seed) {
    Network network = new Network(3, new Random(seed));
    for (int move : moves) {
      network.move(move);
    }
    network.settle();
    assertThat(network.collector.totals(Provider.FOUNDRY).all()).isEqualTo(network.counted());
  }

  @Property(tries = 300)
  void theOrderOfTheRowsWithinATickChangesNothing(
      @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 6) int sources) {
    Random random = new Random(seed);
    MetricsCollector one = collector();
    MetricsCollector other = collector();
    one.stageBegan("1-a", 0, 0);
    other.stageBegan("1-a", 0, 0);
    Counts[] counted = new Counts[sources];
    Arrays.fill(counted, Counts.NONE);
    long version = 0;
    for (int tick = 1; tick < 20; tick++) {
      List<MetricsRow> rows = new ArrayList<>();
      for (int i = 0; i < 4 * sources; i++) {
        int source = random.nextInt(sources);
        counted[source] = counted[source].plus(some(random));
        rows.add(Health.row("s" + source, ++version, "1-a", 0, counted[source]));
      }
      long now = tick * 1_000L;
      rows.forEach(row -> one.take(row, now));
      Collections.shuffle(rows, random);
      rows.addAll(rows.subList(0, random.nextInt(rows.size())));
      rows.forEach(row -> other.take(row, now));
      assertThat(one.tick(now, false).of(Provider.FOUNDRY))
          .isEqualTo(other.tick(now, false).of(Provider.FOUNDRY));
      assertThat(one.window(Provider.FOUNDRY)).isEqualTo(other.window(Provider.FOUNDRY));
      assertThat(one.totals(Provider.FOUNDRY)).isEqualTo(other.totals(Provider.FOUNDRY));
    }
  }

  private static MetricsCollector collector() {
    return new MetricsCollector(Duration.ofSeconds(SECONDS), LEAST, Duration.ofSeconds(5));
  }

  private static Counts some(Random random) {
    int settled = random.nextInt(4);
    int errors = random.nextInt(settled + 1);
    int known = random.nextInt(settled + 1);
    return Counts.of(Counter.OBSERVED, settled + 1)
        .with(Counter.SETTLED, settled)
        .with(Counter.ERRORS, errors)
        .with(Counter.SLOW, random.nextInt(2))
        .with(Counter.COST_KNOWN, known)
        .with(Counter.UNPRICED, settled - known)
        .with(Counter.COST_NANO, known * 7L)
        .with(Counter.NEUTRAL, random.nextInt(2));
  }

  /** Sources, the rows that are on their way, and a model of what the collector should hold. */
  private static final class Network {
    private final MetricsCollector collector = collector();
    private final Random random;
    private final Counts[] current;
    private final Counts[] before;
    private final Counts[] judged;
    private final MetricsRow[] delivered;
    private final List<MetricsRow> onTheirWay = new ArrayList<>();
    private final List<WindowModel.Second> history = new ArrayList<>();
    private String epoch = "1-a";
    private int stage;
    private long version;
    private long now = 500;

    Network(int sources, Random random) {
      this.random = random;
      current = new Counts[sources];
      before = new Counts[sources];
      judged = new Counts[sources];
      delivered = new MetricsRow[sources];
      begin();
    }

    void move(int move) {
      int source = random.nextInt(current.length);
      if (move < 30) {
        current[source] = current[source].plus(some(random));
      } else if (move < 50) {
        send(source);
      } else if (move < 80) {
        deliver(random.nextInt(3));
      } else if (move < 97) {
        now += random.nextInt(move < 95 ? 3_000 : 60_000);
        tick();
      } else {
        stage = move == 98 ? 0 : stage + 1;
        epoch = move == 98 ? epoch + "x" : epoch;
        begin();
      }
    }

    /** Loss is mended by the next row. */
    void settle() {
      for (int source = 0; source < current.length; source++) {
        take(Health.row("s" + source, ++version, epoch, stage, current[source]));
      }
      tick();
    }

    Counts counted() {
      Counts sum = Counts.NONE;
      for (Counts each : current) {
        sum = sum.plus(each);
      }
      return sum;
    }

    private void begin() {
      for (int source = 0; source < current.length; source++) {
        before[source] = current[source];
        current[source] = Counts.NONE;
        judged[source] = Counts.NONE;
        delivered[source] = null;
      }
      history.clear();
      collector.stageBegan(epoch, stage, now);
    }

    private void send(int source) {
      onTheirWay.add(Health.row("s" + source, ++version, epoch, stage, current[source]));
      if (before[source] != null && stage > 0 && random.nextInt(4) == 0) {
        // What ends after its stage still counts there, but is not judged any more.
        before[source] = before[source].plus(some(random));
        onTheirWay.add(Health.row("s" + source, ++version, epoch, stage - 1, before[source]));
      }
    }

    /** 0 delivers a row, 1 delivers it and will again, 2 loses it. */
    private void deliver(int how) {
      if (onTheirWay.isEmpty()) {
        return;
      }
      int which = random.nextInt(onTheirWay.size());
      MetricsRow row = how == 1 ? onTheirWay.get(which) : onTheirWay.remove(which);
      if (how != 2) {
        take(row);
      }
    }

    private void take(MetricsRow row) {
      collector.take(row, now);
      int source = row.source().charAt(1) - '0';
      boolean ofNow = row.epoch().equals(epoch) && row.stage() == stage;
      if (ofNow && (delivered[source] == null || delivered[source].version() < row.version())) {
        delivered[source] = row;
      }
    }

    private void tick() {
      Counts sum = Counts.NONE;
      for (int source = 0; source < current.length; source++) {
        if (delivered[source] != null) {
          Counts latest = delivered[source].foundry().totals().all();
          sum = sum.plus(latest.minus(judged[source]));
          judged[source] = latest;
        }
      }
      history.add(new WindowModel.Second(Math.floorDiv(now, 1_000L), sum));
      assertThat(collector.tick(now, false).of(Provider.FOUNDRY).all()).isEqualTo(sum);
      assertThat(collector.window(Provider.FOUNDRY))
          .isEqualTo(WindowModel.counts(history, Math.floorDiv(now, 1_000L), SECONDS, LEAST));
    }
  }
}
