package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.quota.Part;
import com.huntaze.rollout.quota.SharedLimit;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The parts of limits, as a scraper sees them. */
class ClusterMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClusterMeters meters = new ClusterMeters(registry);

  /** A limit that knows nothing but its part. */
  private static final class Limit implements SharedLimit {
    private final String label;
    private double share = 1;

    Limit(String label) {
      this.label = label;
    }

    @Override
    public String name() {
      return "0123";
    }

    @Override
    public String label() {
      return label;
    }

    @Override
    public double share() {
      return share;
    }

    @Override
    public long perSecond() {
      return 10;
    }

    @Override
    public long atOnce() {
      return 10;
    }

    @Override
    public Rule rule() {
      return Rule.BY_NEED;
    }

    @Override
    public long asked() {
      return 0;
    }

    @Override
    public void part(Part part) {
      share = part.share();
    }
  }

  private Map<String, Double> shares() {
    return registry.find("rollout.limit.share").gauges().stream()
        .map(Gauge::getId)
        .collect(Collectors.toMap(id -> id.getTag("limit"), this::value));
  }

  private double value(Meter.Id id) {
    return registry.get(id.getName()).tags(id.getTags()).gauge().value();
  }

  private static List<SharedLimit> limits(int count) {
    return IntStream.range(0, count).<SharedLimit>mapToObj(i -> new Limit("key:" + i)).toList();
  }

  @Test
  void aPartIsToldAsItIsNow() {
    Limit retries = new Limit("retries");
    Limit web = new Limit("key:web");
    meters.limits(List.of(retries, web));
    assertThat(shares()).isEqualTo(Map.of("retries", 1.0, "key:web", 1.0));
    web.part(new Part(0.25, 2));
    meters.limits(List.of(retries, web));
    assertThat(shares()).isEqualTo(Map.of("retries", 1.0, "key:web", 0.25));
  }

  /** A reload replaces a limit by one of the same name. */
  @Test
  void whatIsReplacedOrGoneIsNotTold() {
    meters.limits(List.of(new Limit("retries"), new Limit("key:web"), new Limit("key:app")));
    Limit other = new Limit("key:web");
    other.part(new Part(0.5, 5));
    meters.limits(List.of(new Limit("retries"), other));
    assertThat(shares()).isEqualTo(Map.of("retries", 1.0, "key:web", 0.5));
  }

  @Test
  void thereAreAtMostSoManySeries() {
    meters.limits(limits(500));
    List<String> first = IntStream.range(0, 128).mapToObj(i -> "key:" + i).toList();
    assertThat(shares()).containsOnlyKeys(first);
  }
}
