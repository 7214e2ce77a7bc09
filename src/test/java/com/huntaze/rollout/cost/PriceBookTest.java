package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PriceBookTest {
  private static final long NOW = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();

  private static TokenPriceSettings price(String input, String output) {
    return new TokenPriceSettings(input, output, null, null, null, null, null, null);
  }

  private static ModelPriceSettings model(TokenPriceSettings price, String... aliases) {
    return new ModelPriceSettings(price, List.of(aliases), List.of());
  }

  private static PriceBook book(ModelPriceSettings r1) {
    return PriceBook.of(new PriceListSettings("USD", 1_000, Map.of("DeepSeek-R1", r1)));
  }

  private static long cost(PriceBook book, String model, Usage usage) {
    return book.price(model, NOW).orElseThrow().of(usage).orElseThrow();
  }

  @Test
  void pricesInputAndOutputInNanoUsd() {
    PriceBook book = book(model(price("0.0014", "0.0028")));
    assertThat(cost(book, "DeepSeek-R1", Usage.of(100, 50))).isEqualTo(140_000 + 140_000);
    assertThat(cost(book, "DeepSeek-R1", Usage.NONE)).isZero();
  }

  @Test
  void pricesCachesAndReasoningApart() {
    TokenPriceSettings price =
        new TokenPriceSettings("2", "8", "0.5", "2.5", "9", null, null, null);
    PriceBook book =
        PriceBook.of(new PriceListSettings("USD", 1_000_000, Map.of("m", model(price))));
    // 10 fresh at 2, 30 cached at 0.5, 60 written at 2.5, 5 out at 8, 15 reasoning at 9.
    assertThat(cost(book, "m", new Usage(100, 20, 30, 60, 15)))
        .isEqualTo(20_000 + 15_000 + 150_000 + 40_000 + 135_000);
  }

  @Test
  void pricesAudioAndWritesThatLastAnHourApart() {
    TokenPriceSettings price = new TokenPriceSettings("2", "8", "0.5", "2.5", "9", "4", "40", "80");
    PriceBook book =
        PriceBook.of(new PriceListSettings("USD", 1_000_000, Map.of("m", model(price))));
    // 5 fresh at 2, 30 cached at 0.5, 40 written at 2.5 and 20 at 4, 5 of audio at 40; out 3 at 8,
    // 15 reasoning at 9, 2 of audio at 80.
    assertThat(cost(book, "m", new Usage(100, 20, 30, 60, 15, 20, 5, 2)))
        .isEqualTo(10_000 + 15_000 + 100_000 + 80_000 + 200_000 + 24_000 + 135_000 + 160_000);
  }

  /** A price that was given for all writes is that of the long ones until they have their own. */
  @Test
  void aWriteThatLastsAnHourCostsAsMuchAsAnyOtherUnlessItsPriceIsGiven() {
    TokenPriceSettings price =
        new TokenPriceSettings("2", "8", null, "2.5", null, null, null, null);
    PriceBook book =
        PriceBook.of(new PriceListSettings("USD", 1_000_000, Map.of("m", model(price))));
    assertThat(cost(book, "m", new Usage(60, 0, 0, 60, 0, 20, 0, 0))).isEqualTo(150_000);
  }

  @Test
  void takesThePricesOfInputAndOutputForTheOthers() {
    PriceBook book = book(model(price("1", "3")));
    assertThat(cost(book, "DeepSeek-R1", new Usage(10, 10, 3, 4, 5, 2, 1, 1)))
        .isEqualTo(cost(book, "DeepSeek-R1", Usage.of(10, 10)));
  }

  @Test
  void roundsOnceAndHalfUp() {
    PriceBook book =
        PriceBook.of(
            new PriceListSettings(
                "USD", 1_000_000, Map.of("m", model(price("0.0375", "0.000000001")))));
    assertThat(cost(book, "m", Usage.of(1, 0))).isEqualTo(38);
    assertThat(cost(book, "m", Usage.of(2, 0))).isEqualTo(75);
    assertThat(cost(book, "m", Usage.of(0, 499_999))).isZero();
    assertThat(cost(book, "m", Usage.of(0, 500_000))).isEqualTo(1);
  }

  @Property(tries = 500)
  void agreesWithDecimalArithmetic(
      @ForAll @LongRange(min = 0, max = 10_000_000) long input,
      @ForAll @LongRange(min = 0, max = 10_000_000) long output,
      @ForAll @LongRange(min = 0, max = 99_999_999) long inputNano,
      @ForAll @LongRange(min = 0, max = 99_999_999) long outputNano,
      @ForAll @LongRange(min = 1, max = 1_000_000) long per) {
    long expected =
        BigDecimal.valueOf(input)
            .multiply(BigDecimal.valueOf(inputNano))
            .add(BigDecimal.valueOf(output).multiply(BigDecimal.valueOf(outputNano)))
            .divide(BigDecimal.valueOf(per), 0, RoundingMode.HALF_UP)
            .longValueExact();
    Price price =
        new Price(
            inputNano,
            outputNano,
            inputNano,
            inputNano,
            outputNano,
            inputNano,
            inputNano,
            outputNano,
            per);
    OptionalLong cost = price.of(Usage.of(input, output));
    if (expected <= NanoUsd.MOST) {
      assertThat(cost).hasValue(expected);
    } else {
      assertThat(cost).isEmpty();
    }
  }

  @Test
  void findsAModelByItsAliasesAndInAnyCase() {
    PriceBook book = book(model(price("1", "1"), "deepseek-r1-0528"));
    assertThat(book.listed("DEEPSEEK-r1")).hasValue("DeepSeek-R1");
    assertThat(book.listed("DeepSeek-R1-0528")).hasValue("DeepSeek-R1");
    assertThat(book.listed("gpt")).isEmpty();
    assertThat(book.price(null, NOW)).isEmpty();
  }

  @Test
  void changesThePriceAtMidnightUtc() {
    ModelPriceSettings changing =
        new ModelPriceSettings(
            price("1", "1"),
            List.of(),
            List.of(
                new PriceChangeSettings("2026-12-01", price("2", "2")),
                new PriceChangeSettings("2027-01-01", price("3", "3"))));
    assertThat(changing.check()).isEmpty();
    PriceBook book = book(changing);
    long change = Instant.parse("2026-12-01T00:00:00Z").toEpochMilli();
    Usage usage = Usage.of(1_000, 0);
    assertThat(book.price("DeepSeek-R1", change - 1).orElseThrow().of(usage))
        .hasValue(NanoUsd.PER_USD);
    assertThat(book.price("DeepSeek-R1", change).orElseThrow().of(usage))
        .hasValue(2 * NanoUsd.PER_USD);
    assertThat(book.price("DeepSeek-R1", Long.MAX_VALUE).orElseThrow().of(usage))
        .hasValue(3 * NanoUsd.PER_USD);
  }

  @Test
  void refusesNamesThatTwoModelsHaveAndDaysOutOfOrder() {
    PriceListSettings twice =
        new PriceListSettings(
            "USD", 1_000, Map.of("a", model(price("1", "1"), "B"), "b", model(price("1", "1"))));
    assertThat(twice.check()).hasSize(1);
    ModelPriceSettings disorder =
        new ModelPriceSettings(
            price("1", "1"),
            List.of(),
            List.of(
                new PriceChangeSettings("2026-12-01", price("2", "2")),
                new PriceChangeSettings("2026-12-01", price("2", "2")),
                new PriceChangeSettings("2026-02-30", price("2", "2"))));
    assertThat(disorder.check())
        .extracting(problem -> problem.toString())
        .hasSize(2)
        .anyMatch(problem -> problem.contains("a day after 2026-12-01"))
        .anyMatch(problem -> problem.contains("a day of the calendar"));
  }

  @Test
  void readsAndWritesDollars() {
    assertThat(NanoUsd.parse("0.0000000014")).hasValue(1);
    assertThat(NanoUsd.parse("0.0000000015")).hasValue(2);
    assertThat(NanoUsd.parse("1e-5")).hasValue(10_000);
    assertThat(NanoUsd.parse("1e-999999999")).hasValue(0);
    for (String none : List.of("-1", "1e999999999", "1000000", "x", "", "null", "1".repeat(65))) {
      assertThat(NanoUsd.parse(none)).as(none).isEmpty();
    }
    assertThat(NanoUsd.format(0)).isEqualTo("0");
    assertThat(NanoUsd.format(140_000)).isEqualTo("0.00014");
    assertThat(NanoUsd.format(12_000_000_000L)).isEqualTo("12");
  }
}
