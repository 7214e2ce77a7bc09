package com.huntaze.rollout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.exchange.ExchangeRecord.Served;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests by the names of OpenTelemetry's conventions for generative AI. */
class GenAiMetersTest {
  private static final String AZURE = "/openai/deployments/gpt-4o/chat/completions";
  private static final String DURATION = "gen_ai_client_operation_duration_seconds";
  private static final String FIRST_CHUNK = "gen_ai_client_operation_time_to_first_chunk_seconds";
  private static final String TOKENS = "gen_ai_client_token_usage";

  private final Metrics metrics = new Metrics("test");
  private final PrometheusMeterRegistry prometheus = metrics.prometheus();
  private final UsageMeters meters =
      new UsageMeters(
          metrics.registry(),
          PriceBook.of(new PriceListSettings("USD", 1_000_000, Map.of())),
          Set.of(),
          Set.of("support"),
          new UsageMeters.Limits(Duration.ofSeconds(5), Duration.ofSeconds(2)));

  @BeforeEach
  void begin() {
    meters.openTelemetry(true);
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  private static ExchangeRecord record(
      String path, String model, int status, String ending, boolean stream, Charge... charges) {
    return new ExchangeRecord(
        0,
        "id",
        null,
        null,
        false,
        new ExchangeRecord.Request("POST", path, "POST *", model, 2, ExchangeRecord.Origin.UNKNOWN),
        new Caller(null, null, null),
        Provider.FOUNDRY,
        "canary",
        false,
        new Served(null, null, null, stream),
        status,
        ending,
        "reset",
        1,
        Duration.ofMillis(700).toNanos(),
        Duration.ofMillis(300).toNanos(),
        -1,
        List.of(charges));
  }

  private static Charge charge(String model, long input, long output) {
    return new Charge(Provider.FOUNDRY, model, new Usage(input, output, 0, 0, 0), Cost.UNKNOWN);
  }

  private List<String> lines(String start) {
    return prometheus.scrape().lines().filter(line -> line.startsWith(start)).toList();
  }

  @Test
  void anAnswerIsToldByTheNamesOfTheConventions() {
    meters.count(record(AZURE, "gpt-4o", 200, "complete", true, charge("gpt-4o-0806", 250, 40)));
    String all =
        "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"azure.ai.inference\","
            + "gen_ai_request_model=\"gpt-4o\",gen_ai_response_model=";
    assertThat(lines(DURATION + "_count"))
        .singleElement()
        .asString()
        .contains("error_type=\"\"")
        .contains(all + "\"gpt-4o\"")
        .endsWith(" 1");
    assertThat(lines(DURATION + "_bucket"))
        .anyMatch(line -> line.contains("le=\"0.64\"") && line.endsWith(" 0"))
        .anyMatch(line -> line.contains("le=\"1.28\"") && line.endsWith(" 1"));
    assertThat(lines(FIRST_CHUNK + "_sum"))
        .singleElement()
        .asString()
        .contains(all)
        .endsWith("0.3");
    assertThat(lines(TOKENS + "_sum"))
        .hasSize(2)
        .anyMatch(line -> line.contains("gen_ai_token_type=\"input\"") && line.endsWith(" 250.0"))
        .anyMatch(line -> line.contains("gen_ai_token_type=\"output\"") && line.endsWith(" 40.0"))
        .allMatch(line -> line.contains(all + "\"gpt-4o-0806\""));
    assertThat(lines(TOKENS + "_bucket"))
        .anyMatch(line -> line.contains("le=\"64.0\"") && line.endsWith(" 1"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, complete, ''",
    "429, complete, 429",
    "502, complete, 502",
    "200, upstream_failed, reset",
    "200, client_gone, client_gone",
    "0, client_gone, client_gone",
  })
  void anErrorHasItsType(int status, String ending, String type) {
    meters.count(record(AZURE, "gpt-4o", status, ending, false));
    assertThat(lines(DURATION + "_count"))
        .singleElement()
        .asString()
        .contains("error_type=\"" + type + "\"");
    // A first chunk is a stream's.
    assertThat(lines(FIRST_CHUNK)).isEmpty();
  }

  @Test
  void whatIsForNoModelIsNotTold() {
    meters.count(record("/v1/files", null, 200, "complete", false));
    assertThat(lines("gen_ai")).isEmpty();
  }

  @Test
  void theyComeAndGoWithTheSetting() {
    meters.openTelemetry(false);
    meters.count(record(AZURE, "gpt-4o", 200, "complete", true, charge("gpt-4o", 250, 40)));
    assertThat(lines("gen_ai")).isEmpty();
    meters.openTelemetry(true);
    meters.count(record(AZURE, "gpt-4o", 200, "complete", true, charge("gpt-4o", 250, 40)));
    meters.openTelemetry(true);
    assertThat(lines(DURATION + "_count")).hasSize(1);
    meters.openTelemetry(false);
    assertThat(lines("gen_ai")).isEmpty();
  }

  /** Statuses, models and operations in all combinations, as many callers may bring them about. */
  @Test
  void inventedNamesHaveABoundedRoom() {
    for (String path : List.of(AZURE, "/v1/completions", "/v1/embeddings", "/api/chat")) {
      for (int model = 0; model < 60; model++) {
        for (int status = 400; status < 430; status++) {
          String name = "model-" + model;
          meters.count(record(path, name, status, "complete", true, charge(name, 1, 1)));
        }
      }
    }
    assertThat(lines("gen_ai"))
        .hasSizeLessThanOrEqualTo(GenAiMeters.MOST_SERIES)
        .anyMatch(line -> line.contains("gen_ai_request_model=\"other\""));
    assertThat(
            lines(DURATION + "_count").stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum())
        .isEqualTo(4 * 60 * 30);
    // What has no place of its own still is what was read, or what was written.
    assertThat(lines(TOKENS + "_count"))
        .filteredOn(line -> line.contains("gen_ai_request_model=\"other\""))
        .hasSize(2)
        .allMatch(line -> line.matches(".*gen_ai_token_type=\"(input|output)\".*"));
  }
}
