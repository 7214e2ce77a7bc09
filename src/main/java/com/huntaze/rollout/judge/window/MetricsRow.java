package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.provider.Provider;

/**
 * Everything that one source has counted of one (epoch, stage) so far. Rows are cumulative: the
 * latest replaces all before it, so that they may be lost, doubled and reordered on their way.
 * Deeply immutable, so it may cross threads by reference.
 *
 * @param source the incarnation of the source: a restarted one has another id
 * @param version grows with every row of the source
 * @param epoch the rollout, {@code n-creatorId}
 * @param stage the stage's tag within the epoch
 * @param born the version at which the source began to count for this stage; it differs when the
 *     source forgot the stage in between and began from zero again
 * @param foundry Foundry's figures
 * @param legacy legacy's figures
 */
public record MetricsRow(
    String source,
    long version,
    String epoch,
    int stage,
    long born,
    ProviderFigures foundry,
    ProviderFigures legacy) {

  /** The figures of one provider. */
  public ProviderFigures of(Provider provider) {
    return provider == Provider.FOUNDRY ? foundry : legacy;
  }

  /** Returns the number of exchanges that it tells of, for logs and tests. */
  public long observed(Provider provider) {
    return of(provider).totals().all().get(Metric.Counter.OBSERVED);
  }
}
