package com.huntaze.rollout.cost;

import java.math.BigInteger;
import java.util.OptionalLong;

/**
 * The price of a model's tokens, in nano-USD for {@code per} of them.
 *
 * @param cachedInput of input that came from a cache
 * @param cacheWrite of input that was written to a cache
 * @param reasoning of output that was reasoning
 * @param per for how many tokens the prices are, 1..
 */
public record Price(
    long input, long output, long cachedInput, long cacheWrite, long reasoning, long per) {

  /**
   * The cost of a usage in nano-USD, rounded once, half up; empty if it is more than {@link
   * NanoUsd#MOST}.
   */
  public OptionalLong of(Usage usage) {
    long freshInput = usage.inputTokens() - usage.cachedTokens() - usage.cacheWriteTokens();
    long plainOutput = usage.outputTokens() - usage.reasoningTokens();
    try {
      long sum = Math.multiplyExact(freshInput, input);
      sum = Math.addExact(sum, Math.multiplyExact(usage.cachedTokens(), cachedInput));
      sum = Math.addExact(sum, Math.multiplyExact(usage.cacheWriteTokens(), cacheWrite));
      sum = Math.addExact(sum, Math.multiplyExact(plainOutput, output));
      sum = Math.addExact(sum, Math.multiplyExact(usage.reasoningTokens(), reasoning));
      return believable(Math.addExact(sum, per / 2) / per);
    } catch (ArithmeticException large) {
      return ofMany(usage, freshInput, plainOutput);
    }
  }

  /** The same for numbers of tokens that only a lie can be. */
  private OptionalLong ofMany(Usage usage, long freshInput, long plainOutput) {
    BigInteger sum =
        times(freshInput, input)
            .add(times(usage.cachedTokens(), cachedInput))
            .add(times(usage.cacheWriteTokens(), cacheWrite))
            .add(times(plainOutput, output))
            .add(times(usage.reasoningTokens(), reasoning));
    BigInteger divisor = BigInteger.valueOf(per);
    BigInteger nano = sum.add(divisor.shiftRight(1)).divide(divisor);
    return nano.bitLength() < Long.SIZE ? believable(nano.longValue()) : OptionalLong.empty();
  }

  private static OptionalLong believable(long nano) {
    return nano <= NanoUsd.MOST ? OptionalLong.of(nano) : OptionalLong.empty();
  }

  private static BigInteger times(long tokens, long price) {
    return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
  }
}
