package com.huntaze.rollout.cost;

/**
 * A sum of charges. Requests are counted where they were charged: one that was tried at both
 * providers counts once for each.
 *
 * @param exact how many charges are exact
 * @param estimated how many are estimates
 * @param unknown how many are not known, and so not in the sum
 * @param nanoUsd the sum of what is known, nano-USD
 * @param inputTokens tokens of input, where they are known
 * @param outputTokens tokens of output, where they are known
 * @param cachedTokens of the input, what came from a cache
 * @param reasoningTokens of the output, what was reasoning
 */
public record LedgerTotals(
    long exact,
    long estimated,
    long unknown,
    long nanoUsd,
    long inputTokens,
    long outputTokens,
    long cachedTokens,
    long reasoningTokens) {
  public static final LedgerTotals NONE = new LedgerTotals(0, 0, 0, 0, 0, 0, 0, 0);

  /** Returns the number of charges. */
  public long requests() {
    return exact + estimated + unknown;
  }

  /**
   * Tells whether the sum of nano-dollars says anything: of charges that are not known it is not 0,
   * and that errors cost nothing does not make it known.
   */
  public boolean costKnown() {
    return unknown == 0 || nanoUsd > 0;
  }

  /** One charge. */
  public static LedgerTotals of(Charge charge) {
    CostKind kind = charge.cost().kind();
    Usage usage = charge.usage() == null ? Usage.NONE : charge.usage();
    return new LedgerTotals(
        kind == CostKind.EXACT ? 1 : 0,
        kind == CostKind.ESTIMATED ? 1 : 0,
        kind == CostKind.UNKNOWN ? 1 : 0,
        charge.cost().nanoUsd(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cachedTokens(),
        usage.reasoningTokens());
  }

  /** Both together. A sum that a long cannot hold, which only lies can reach, stays at the most. */
  public LedgerTotals plus(LedgerTotals other) {
    return new LedgerTotals(
        sum(exact, other.exact),
        sum(estimated, other.estimated),
        sum(unknown, other.unknown),
        sum(nanoUsd, other.nanoUsd),
        sum(inputTokens, other.inputTokens),
        sum(outputTokens, other.outputTokens),
        sum(cachedTokens, other.cachedTokens),
        sum(reasoningTokens, other.reasoningTokens));
  }

  static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }
}
