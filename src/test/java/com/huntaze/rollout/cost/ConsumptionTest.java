package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConsumptionTest {
  private static final PriceBook BOOK =
      PriceBook.of(
          new PriceListSettings(
              "USD",
              1_000,
              Map.of(
                  "m",
                  new ModelPriceSettings(
                      new TokenPriceSettings("1", "2", null, null, null, null, null, null),
                      List.of(),
                      List.of()))));
  private static final OptionalLong UNTOLD = OptionalLong.empty();
  private static final long MILLI_USD = 1_000_000;

  private static Cost cost(Consumption consumption) {
    return consumption.cost(BOOK, 0);
  }

  @Test
  void isExactForAWholeAnswerThatToldItsUsage() {
    assertThat(cost(new Consumption("m", Usage.of(3, 4), UNTOLD, true, 999, 999)))
        .isEqualTo(Cost.exact(11 * MILLI_USD));
  }

  @Test
  void isUnknownWithoutUsageOrPriceAndNeverZero() {
    assertThat(cost(new Consumption("m", null, UNTOLD, true, 999, 999))).isEqualTo(Cost.UNKNOWN);
    assertThat(cost(new Consumption("x", Usage.of(3, 4), UNTOLD, true, 0, 0)))
        .isEqualTo(Cost.UNKNOWN);
    assertThat(cost(new Consumption(null, Usage.of(3, 4), UNTOLD, false, 0, 0)))
        .isEqualTo(Cost.UNKNOWN);
    assertThat(cost(new Consumption("m", null, UNTOLD, false, 0, 999))).isEqualTo(Cost.UNKNOWN);
    assertThat(Cost.UNKNOWN.known()).isEmpty();
  }

  @Test
  void takesTheProvidersOwnReckoningBeforeTheBook() {
    assertThat(cost(new Consumption("m", Usage.of(3, 4), OptionalLong.of(7), true, 0, 0)))
        .isEqualTo(Cost.exact(7));
    assertThat(cost(new Consumption("x", null, OptionalLong.of(7), false, 0, 0)))
        .isEqualTo(new Cost(7, CostKind.ESTIMATED));
  }

  @Test
  void billsAnAnswerThatBrokeOffByWhatWasSeen() {
    assertThat(cost(new Consumption("m", Usage.of(3, 4), UNTOLD, false, 0, 999)))
        .isEqualTo(new Cost(11 * MILLI_USD, CostKind.ESTIMATED));
    // 9 bytes of text after the usage are taken for 3 tokens.
    assertThat(cost(new Consumption("m", Usage.of(3, 4), UNTOLD, false, 9, 999)))
        .isEqualTo(new Cost(17 * MILLI_USD, CostKind.ESTIMATED));
    // No usage was told: 8 bytes of a prompt for 2 tokens, 9 of text for 3.
    assertThat(cost(new Consumption("m", null, UNTOLD, false, 9, 8)))
        .isEqualTo(new Cost(8 * MILLI_USD, CostKind.ESTIMATED));
    // A body of that size is no prompt alone.
    assertThat(cost(new Consumption("m", null, UNTOLD, false, 4, 70_000)))
        .isEqualTo(new Cost(2 * MILLI_USD, CostKind.ESTIMATED));
  }

  @Test
  void isAsUncertainAsItsWorstPart() {
    Cost estimated = new Cost(5, CostKind.ESTIMATED);
    assertThat(Cost.exact(1).plus(estimated)).isEqualTo(new Cost(6, CostKind.ESTIMATED));
    assertThat(estimated.plus(Cost.UNKNOWN)).isEqualTo(new Cost(5, CostKind.UNKNOWN));
    assertThat(Cost.ZERO.plus(Cost.ZERO)).isEqualTo(Cost.ZERO);
  }
}
