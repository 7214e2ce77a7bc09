package com.huntaze.rollout.cost;

/**
 * A sum of charges that grows in its place. Each charge is entered into twenty-one of them, so that
 * a new record each time would be a kilobyte and a half of garbage a request.
 */
final class RunningTotals {
  private long exact;
  private long estimated;
  private long unknown;
  private long nanoUsd;
  private long inputTokens;
  private long outputTokens;
  private long cachedTokens;
  private long reasoningTokens;

  /** Adds some; see {@link LedgerTotals#plus}. */
  void add(LedgerTotals more) {
    exact += more.exact();
    estimated += more.estimated();
    unknown += more.unknown();
    nanoUsd = LedgerTotals.sum(nanoUsd, more.nanoUsd());
    inputTokens = LedgerTotals.sum(inputTokens, more.inputTokens());
    outputTokens = LedgerTotals.sum(outputTokens, more.outputTokens());
    cachedTokens = LedgerTotals.sum(cachedTokens, more.cachedTokens());
    reasoningTokens = LedgerTotals.sum(reasoningTokens, more.reasoningTokens());
  }

  /** The sum as it is now. */
  LedgerTotals now() {
    return new LedgerTotals(
        exact,
        estimated,
        unknown,
        nanoUsd,
        inputTokens,
        outputTokens,
        cachedTokens,
        reasoningTokens);
  }
}
