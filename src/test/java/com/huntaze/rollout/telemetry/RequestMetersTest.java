package com.huntaze.rollout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.ModelPriceSettings;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.cost.TokenPriceSettings;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.exchange.ExchangeRecord.Served;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests, errors and latencies by provider, route, agent and model, in a bounded room. */
class RequestMetersTest {
  private static final UsageMeters.Limits LIMITS = limits(2_700);
  private static final Pattern EDGE = Pattern.compile("le=\"([^\"]+)\"");

  private final Metrics metrics = new Metrics("test");
  private final PrometheusMeterRegistry prometheus = metrics.prometheus();
  private final UsageMeters meters =
      new UsageMeters(
          metrics.registry(), prices("gpt-x"), Set.of("gold"), Set.of("support"), LIMITS);

  @AfterEach
  void close() {
    metrics.close();
  }

  private static UsageMeters.Limits limits(long latencyMillis) {
    return new UsageMeters.Limits(Duration.ofMillis(latencyMillis), Duration.ofMillis(1_900));
  }

  private static PriceBook prices(String model) {
    TokenPriceSettings one = new TokenPriceSettings("1", "1", null, null, null, null, null, null);
    ModelPriceSettings price = new ModelPriceSettings(one, List.of(), List.of());
    return PriceBook.of(new PriceListSettings("USD", 1_000_000, Map.of(model, price)));
  }

  private static ExchangeRecord record(
      String agent, String asked, String served, String ending, long millis) {
    return record(agent, asked, served, ending, millis, false);
  }

  private static ExchangeRecord record(
      String agent, String asked, String served, String ending, long millis, boolean sampled) {
    return record(agent, asked, served, ending, millis, sampled, -1);
  }

  private static ExchangeRecord stream(long firstContentMillis) {
    return record("support", "gpt-x", "gpt-x", "complete", 9_000, false, firstContentMillis);
  }

  private static ExchangeRecord record(
      String agent,
      String asked,
      String served,
      String ending,
      long millis,
      boolean sampled,
      long firstContentMillis) {
    return new ExchangeRecord(
        0,
        "id",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "00f067aa0ba902b7",
        sampled,
        new ExchangeRecord.Request(
            "POST", "/route", "POST /route", asked, 2, ExchangeRecord.Origin.UNKNOWN),
        new Caller(null, null, agent),
        Provider.FOUNDRY,
        "canary",
        false,
        new Served(served, null, null, firstContentMillis >= 0),
        200,
        ending,
        ending,
        1,
        Duration.ofMillis(millis).toNanos(),
        firstContentMillis < 0 ? -1 : Duration.ofMillis(firstContentMillis).toNanos(),
        -1,
        List.of());
  }

  private List<String> lines(String start) {
    return prometheus.scrape().lines().filter(line -> line.startsWith(start)).toList();
  }

  /** The value of the one line that begins with a name and has all of some labels. */
  private double value(String name, String... labels) {
    List<String> found =
        lines(name + "{").stream()
            .filter(line -> List.of(labels).stream().allMatch(line::contains))
            .toList();
    assertThat(found).as(name + " " + String.join(", ", labels)).hasSize(1);
    return Double.parseDouble(found.get(0).substring(found.get(0).lastIndexOf(' ') + 1));
  }

  @Test
  void aRequestIsCountedByWhereItWentAndForWhat() {
    meters.count(record("support", "gpt-x", "gpt-x", "complete", 20));
    String[] labels = {
      "provider=\"foundry\"", "route=\"POST /route\"", "agent=\"support\"", "model=\"gpt-x\""
    };
    assertThat(value("rollout_request_duration_seconds_count", labels)).isEqualTo(1);
    assertThat(
            lines("rollout_requests_total{").stream()
                .filter(line -> line.contains("model=\"gpt-x\"") && line.endsWith(" 1.0")))
        .hasSize(1)
        .allMatch(line -> line.contains("outcome=\"complete\""));
  }

  @Test
  void anErrorIsOneOfTheModelThatWasAskedFor() {
    meters.count(record("support", "gpt-x", null, "upstream_failed", 20));
    assertThat(value("rollout_requests_total", "outcome=\"upstream_failed\"", "model=\"gpt-x\""))
        .isEqualTo(1);
    assertThat(value("rollout_request_errors_total", "model=\"gpt-x\"")).isEqualTo(1);
  }

  @Test
  void aProviderWithoutRequestsIsToldAsOneWithNone() {
    for (Provider provider : Provider.values()) {
      String label = "provider=\"" + provider.label() + "\"";
      assertThat(value("rollout_requests_total", label, "outcome=\"complete\"")).isZero();
      assertThat(value("rollout_request_duration_seconds_count", label)).isZero();
    }
  }

  @Test
  void whatWeRefusedIsNoRequestOfAProvider() {
    meters.count(record("support", "gpt-x", null, "refused", 20));
    assertThat(lines("rollout_requests_total{")).noneMatch(line -> line.contains("gpt-x"));
  }

  @Test
  void aFloodOfNamesIsBoundedAndTakesNoConfiguredPlace() {
    RequestMeters bare = new RequestMeters(metrics.registry(), LIMITS.latency());
    for (int i = 0; i < 10_000; i++) {
      ExchangeRecord record = record("a" + i, "m" + i, null, "upstream_failed", 20);
      bare.count(record, labels("a" + i, "m" + i, false));
    }
    assertThat(series()).isBetween(500, RequestMeters.MOST_SERIES);
    for (int i = 0; i < 10; i++) {
      bare.count(record(null, null, null, "complete", 20), labels("agent", "known" + i, true));
    }
    for (int i = 0; i < 10; i++) {
      String model = "model=\"known" + i + "\"";
      assertThat(value("rollout_request_duration_seconds_count", model)).isEqualTo(1);
    }
    for (int i = 0; i < 10_000; i++) {
      bare.count(record(null, null, null, "complete", 20), labels("b" + i, "n" + i, true));
    }
    assertThat(series()).isLessThanOrEqualTo(RequestMeters.MOST_SERIES);
    double told =
        lines("rollout_request_duration_seconds_count{").stream()
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
    assertThat(told).isEqualTo(20_010);
    assertThat(value("rollout_request_duration_seconds_count", "model=\"other\"", "foundry"))
        .isGreaterThan(19_000);
  }

  private static RequestMeters.Labels labels(String agent, String model, boolean known) {
    return new RequestMeters.Labels(Provider.FOUNDRY, "POST /route", agent, model, known);
  }

  private int series() {
    return lines("rollout_requests_total{").size()
        + lines("rollout_request_errors_total{").size()
        + lines("rollout_request_duration_seconds").size();
  }

  @Test
  void theShareThatIsSlowerThanTheLimitIsExact() {
    for (int i = 0; i < 100; i++) {
      meters.count(record("support", "gpt-x", "gpt-x", "complete", i < 80 ? 400 : 2_701));
    }
    assertThat(edges().get(2.7)).isEqualTo(80);
  }

  /** The judge's time of a stream, which the alert before a rollback is made of, too. */
  @Test
  void soIsTheShareOfStreamsThatBeginLaterThanEitherLimit() {
    for (int i = 0; i < 100; i++) {
      meters.count(stream(i < 60 ? 400 : i < 80 ? 1_901 : 2_701));
    }
    assertThat(contentEdges()).containsEntry(1.9, 60.0).containsEntry(2.7, 80.0);
    assertThat(percentile95(contentEdges())).isLessThan(3);
    meters.configure(prices("gpt-x"), Set.of("gold"), Set.of("support"), limits(3_300));
    meters.count(stream(3_301));
    assertThat(contentEdges()).containsEntry(3.3, 0.0).doesNotContainKey(2.7);
  }

  private Map<Double, Double> contentEdges() {
    return edges("rollout_first_content_duration_seconds_bucket{", "stream=\"true\"");
  }

  /** The bucket counts of the one model, by edge. */
  private Map<Double, Double> edges() {
    return edges("rollout_request_duration_seconds_bucket{", "gpt-x");
  }

  private Map<Double, Double> edges(String bucket, String label) {
    Map<Double, Double> edges = new TreeMap<>();
    for (String line : lines(bucket)) {
      Matcher edge = EDGE.matcher(line);
      if (line.contains(label) && edge.find() && !edge.group(1).equals("+Inf")) {
        double count = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        edges.put(Double.parseDouble(edge.group(1)), count);
      }
    }
    return edges;
  }

  /** As Prometheus' {@code histogram_quantile} interpolates. */
  @Test
  void aPercentileReadFromTheBucketsIsNearTheTrueOne() {
    for (int i = 0; i < 100; i++) {
      meters.count(record("support", "gpt-x", "gpt-x", "complete", i < 80 ? 400 : 2_690));
    }
    assertThat(percentile95(edges())).isBetween(2.5, 2.75);
  }

  private static double percentile95(Map<Double, Double> edges) {
    double below = 0;
    double start = 0;
    for (Map.Entry<Double, Double> edge : edges.entrySet()) {
      if (edge.getValue() >= 95) {
        return start + (edge.getKey() - start) * (95 - below) / (edge.getValue() - below);
      }
      below = edge.getValue();
      start = edge.getKey();
    }
    throw new AssertionError("no edge is above the 95th percentile");
  }

  @Test
  void anotherLimitIsAnotherEdge() {
    meters.count(record("support", "gpt-x", "gpt-x", "complete", 20));
    meters.configure(prices("gpt-x"), Set.of("gold"), Set.of("support"), limits(3_300));
    meters.count(record("support", "gpt-x", "gpt-x", "complete", 20));
    assertThat(edges()).containsKey(3.3).doesNotContainKey(2.7);
    assertThat(value("rollout_requests_total", "gpt-x")).isEqualTo(2);
  }

  @Test
  void aRecordedSpanIsAnExemplarAndAnotherIsNot() {
    meters.count(record("support", "gpt-x", "gpt-x", "complete", 20, false));
    assertThat(openMetrics()).doesNotContain("trace_id");
    meters.count(record("support", "gpt-y", "gpt-y", "complete", 20, true));
    assertThat(openMetrics())
        .contains("trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"")
        .contains("span_id=\"00f067aa0ba902b7\"");
    assertThat(prometheus.scrape()).doesNotContain("trace_id");
  }

  private String openMetrics() {
    return prometheus.scrape("application/openmetrics-text; version=1.0.0; charset=utf-8");
  }
}
