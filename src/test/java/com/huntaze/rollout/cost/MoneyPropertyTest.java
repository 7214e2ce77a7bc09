package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Money is reckoned in longs where they hold it; {@link BigDecimal} says what has to come out. */
class MoneyPropertyTest {
  @Property(tries = 2_000)
  void writesWhatBigDecimalWrites(@ForAll long nano) {
    String expected =
        BigDecimal.valueOf(nano, 9).stripTrailingZeros().add(BigDecimal.ZERO).toPlainString();
    assertThat(NanoUsd.format(nano)).isEqualTo(new BigDecimal(expected).toPlainString());
  }

  @Property(tries = 2_000)
  void readsWhatItWrites(@ForAll @LongRange(min = 0, max = NanoUsd.MOST) long nano) {
    assertThat(NanoUsd.parse(NanoUsd.format(nano))).hasValue(nano);
  }

  @Property(tries = 4_000)
  void costsWhatBigDecimalSays(@ForAll("prices") Price price, @ForAll("usages") Usage usage) {
    long fresh = usage.inputTokens() - usage.cachedTokens() - usage.cacheWriteTokens();
    BigDecimal sum =
        times(fresh, price.input())
            .add(times(usage.cachedTokens(), price.cachedInput()))
            .add(times(usage.cacheWriteTokens(), price.cacheWrite()))
            .add(times(usage.outputTokens() - usage.reasoningTokens(), price.output()))
            .add(times(usage.reasoningTokens(), price.reasoning()));
    BigDecimal nano = sum.divide(BigDecimal.valueOf(price.per()), 0, RoundingMode.HALF_UP);
    OptionalLong expected =
        nano.compareTo(BigDecimal.valueOf(NanoUsd.MOST)) > 0
            ? OptionalLong.empty()
            : OptionalLong.of(nano.longValueExact());
    assertThat(price.of(usage)).isEqualTo(expected);
  }

  private static BigDecimal times(long tokens, long price) {
    return BigDecimal.valueOf(tokens).multiply(BigDecimal.valueOf(price));
  }

  /** From nothing to what a long cannot hold when it is multiplied. */
  private static Arbitrary<Long> amounts() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, 5), Arbitraries.longs().between(0, 1L << 40));
  }

  @Provide
  Arbitrary<Price> prices() {
    Arbitrary<Long> per = Arbitraries.of(1L, 2L, 3L, 1_000L, 1_000_000L);
    return Combinators.combine(amounts(), amounts(), amounts(), amounts(), amounts(), per)
        .as(Price::new);
  }

  @Provide
  Arbitrary<Usage> usages() {
    return Combinators.combine(amounts(), amounts(), amounts(), amounts(), amounts())
        .as(
            (fresh, cached, written, plain, reasoning) ->
                new Usage(fresh + cached + written, plain + reasoning, cached, written, reasoning));
  }
}
