package com.huntaze.rollout.cost;

import java.math.BigInteger;
import java.util.OptionalLong;

/**
 * The price of a model's tokens, in nano-USD for {@code per} of them.
 *
 * @param cachedInput of input that came from a cache
 * @param cacheWrite of input that was written to a cache
 * @param reasoning of output that was reasoning
 * @param cacheWriteHour of input that was written to a cache and stays there for an hour
 * @param audioInput of input that was audio
 * @param audioOutput of output that was audio
 * @param per for how many tokens the prices are, 1..
 */
public record Price(
    long input,
    long output,
    long cachedInput,
    long cacheWrite,
    long reasoning,
    long cacheWriteHour,
    long audioInput,
    long audioOutput,
    long per) {

  /**
   * The cost of a usage in nano-USD, rounded once, half up; empty if it is more than {@link
   * NanoUsd#MOST}.
   */
  public OptionalLong of(Usage usage) {
    try {
      long sum = Math.multiplyExact(plainInput(usage), input);
      sum = Math.addExact(sum, Math.multiplyExact(usage.cachedTokens(), cachedInput));
      sum = Math.addExact(sum, Math.multiplyExact(shortWrites(usage), cacheWrite));
      sum = Math.addExact(sum, Math.multiplyExact(usage.longCacheWriteTokens(), cacheWriteHour));
      sum = Math.addExact(sum, Math.multiplyExact(usage.audioInputTokens(), audioInput));
      sum = Math.addExact(sum, Math.multiplyExact(plainOutput(usage), output));
      sum = Math.addExact(sum, Math.multiplyExact(usage.reasoningTokens(), reasoning));
      sum = Math.addExact(sum, Math.multiplyExact(usage.audioOutputTokens(), audioOutput));
      return believable(Math.addExact(sum, per / 2) / per);
    } catch (ArithmeticException large) {
      return ofMany(usage);
    }
  }

  private static long plainInput(Usage usage) {
    return usage.inputTokens()
        - usage.cachedTokens()
        - usage.cacheWriteTokens()
        - usage.audioInputTokens();
  }

  private static long shortWrites(Usage usage) {
    return usage.cacheWriteTokens() - usage.longCacheWriteTokens();
  }

  private static long plainOutput(Usage usage) {
    return usage.outputTokens() - usage.reasoningTokens() - usage.audioOutputTokens();
  }

  /** The same for numbers of tokens that only a lie can be. */
  private OptionalLong ofMany(Usage usage) {
    BigInteger sum =
        times(plainInput(usage), input)
            .add(times(usage.cachedTokens(), cachedInput))
            .add(times(shortWrites(usage), cacheWrite))
            .add(times(usage.longCacheWriteTokens(), cacheWriteHour))
            .add(times(usage.audioInputTokens(), audioInput))
            .add(times(plainOutput(usage), output))
            .add(times(usage.reasoningTokens(), reasoning))
            .add(times(usage.audioOutputTokens(), audioOutput));
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
