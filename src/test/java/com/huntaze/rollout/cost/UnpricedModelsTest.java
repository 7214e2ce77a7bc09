package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnpricedModelsTest {
  private static final Usage USED = Usage.of(1, 2);
  private static final PriceBook PRICED =
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

  private final UnpricedModels models = new UnpricedModels(PRICED);

  private static Charge unpriced(String model) {
    return new Charge(Provider.FOUNDRY, model, USED, Cost.UNKNOWN);
  }

  @Test
  void noticesEachModelOnceHoweverItIsWritten() {
    assertThat(models.firstSeen(unpriced("GPT-X"))).contains("GPT-X");
    assertThat(models.firstSeen(unpriced("gpt-x"))).isEmpty();
    assertThat(models.firstSeen(unpriced("other"))).contains("other");
  }

  @Test
  void noticesNothingWhereThePriceIsNotWhatIsMissing() {
    assertThat(models.firstSeen(new Charge(Provider.FOUNDRY, "a", USED, Cost.exact(1)))).isEmpty();
    assertThat(models.firstSeen(new Charge(Provider.FOUNDRY, "a", null, Cost.UNKNOWN))).isEmpty();
    assertThat(models.firstSeen(unpriced(null))).isEmpty();
  }

  @Test
  void aProviderThatInventsModelsMakesAtMostFiftyAlerts() {
    assertThat(
            IntStream.range(0, 1_000)
                .filter(i -> models.firstSeen(unpriced("m" + i)).isPresent())
                .count())
        .isEqualTo(50);
  }

  @Test
  void withoutAnyPriceNobodyWantsToKnow() {
    UnpricedModels none = new UnpricedModels(PriceBook.of(PriceListSettings.EMPTY));
    assertThat(none.firstSeen(unpriced("a"))).isEmpty();
  }
}
