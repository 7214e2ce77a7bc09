package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
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
    long fresh =
        usage.inputTokens()
            - usage.cachedTokens()
            - usage.cacheWriteTokens()
            - usage.audioInputTokens();
    long plain = usage.outputTokens() - usage.reasoningTokens() - usage.audioOutputTokens();
    BigDecimal sum =
        times(fresh, price.input())
            .add(times(usage.cachedTokens(), price.cachedInput()))
            .add(times(usage.cacheWriteTokens() - usage.longCacheWriteTokens(), price.cacheWrite()))
            .add(times(usage.longCacheWriteTokens(), price.cacheWriteHour()))
            .add(times(usage.audioInputTokens(), price.audioInput()))
            .add(times(plain, price.output()))
            .add(times(usage.reasoningTokens(), price.reasoning()))
            .add(times(usage.audioOutputTokens(), price.audioOutput()));
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
    return amounts()
        .list()
        .ofSize(8)
        .flatMap(
            of ->
                per.map(
                    tokens ->
                        new Price(
                            of.get(0), of.get(1), of.get(2), of.get(3), of.get(4), of.get(5),
                            of.get(6), of.get(7), tokens)));
  }

  @Provide
  Arbitrary<Usage> usages() {
    return amounts().list().ofSize(8).map(MoneyPropertyTest::usage);
  }

  /**
   * Of fresh input, and what is from a cache, written to one, written for long, and audio; so on.
   */
  private static Usage usage(List<Long> of) {
    return new Usage(
        of.get(0) + of.get(1) + of.get(2) + of.get(3) + of.get(4),
        of.get(5) + of.get(6) + of.get(7),
        of.get(1),
        of.get(2) + of.get(3),
        of.get(6),
        of.get(3),
        of.get(4),
        of.get(7));
  }
}
