package com.huntaze.rollout.health;

import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One source of the judge: counts the exchanges of one event loop, or the outcomes that other
 * verticles send, by stage and provider. Single-threaded.
 *
 * <p>The counts only grow. The stage that began last and the {@value #MOST_BEFORE} before it are
 * kept, so that an exchange that ends after its stage still counts there; what belongs to another
 * stage counts nowhere. Only {@link #began} makes a stage known: a message with an invented epoch
 * must not push out a real one.
 */
public final class ObservationCounter {
  private static final int MOST_BEFORE = 3;

  private final String source;

  /** In the order in which they began, the newest last. */
  private final Map<StageKey, StageCounter> stages = new LinkedHashMap<>();

  private Thresholds thresholds;
  private StageKey newest;
  private long version;
  private long begun;
  private boolean awaits;

  /**
   * @param source an id that no other source and no earlier incarnation has
   * @param thresholds what is slow, and what the cost is held against
   */
  public ObservationCounter(String source, Thresholds thresholds) {
    this.source = source;
    this.thresholds = thresholds;
  }

  /**
   * Lets Foundry's failures wait, before the sequential tests see them, until an exchange that
   * began later has succeeded: failures without any success among them are an outage that begins,
   * one event and not many, and the circuit breaker's matter. {@link #sweep} ends their waiting.
   */
  public void awaitLaterSuccess() {
    awaits = true;
    stages.values().forEach(each -> each.providers.get(Provider.FOUNDRY).awaitLater());
  }

  /**
   * Ends the waiting of failures: those that have waited for 5 s while the circuit breaker stayed
   * closed are seen; those after which it has opened and closed again are never. To be called a few
   * times a second.
   *
   * @param nowMillis monotonic
   * @param generation the breaker's present one
   * @param closed whether it is closed
   */
  public void sweep(long nowMillis, long generation, boolean closed) {
    stages
        .values()
        .forEach(each -> each.providers.get(Provider.FOUNDRY).sweep(nowMillis, generation, closed));
  }

  /** Other limits, for the exchanges that begin from now on. */
  public void thresholds(Thresholds changed) {
    thresholds = changed;
  }

  /** A stage has begun, or the canary has come back to it. */
  public void began(String epoch, int stage) {
    newest = new StageKey(epoch, stage);
    StageCounter counter = stages.remove(newest);
    stages.put(newest, counter == null ? new StageCounter(++version) : counter);
    if (awaits) {
      stages.get(newest).providers.get(Provider.FOUNDRY).awaitLater();
    }
    if (stages.size() > 1 + MOST_BEFORE) {
      stages.remove(stages.keySet().iterator().next());
    }
  }

  /** An exchange of which nobody knows who made it has begun. */
  public Observation open(Provider provider, String epoch, int stage) {
    return new Observation(
        counter(provider, epoch, stage), thresholds, Observation.NOBODY, true, ++begun);
  }

  /**
   * An exchange has begun.
   *
   * @param who made it
   * @param sampled whether {@link UserSampler#first} granted it to the user
   */
  public Observation open(
      Provider provider, String epoch, int stage, Requester who, boolean sampled) {
    return new Observation(counter(provider, epoch, stage), thresholds, who, sampled, ++begun);
  }

  /**
   * Returns the rows to send to the judge now: the row of the newest stage always, as a sign of
   * life, and those of earlier stages in which something changed since the last call.
   */
  public List<MetricsRow> rows() {
    List<MetricsRow> rows = new ArrayList<>();
    stages.forEach(
        (key, counter) -> {
          if (counter.changed() || key.equals(newest)) {
            rows.add(counter.row(source, ++version, key));
          }
        });
    return rows;
  }

  private ProviderCounter counter(Provider provider, String epoch, int stage) {
    StageCounter counter = stages.get(new StageKey(epoch, stage));
    return counter == null ? null : counter.providers.get(provider);
  }

  private record StageKey(String epoch, int stage) {}

  private static final class StageCounter {
    private final long born;
    private final Map<Provider, ProviderCounter> providers = new EnumMap<>(Provider.class);
    private ProviderFigures sentFoundry;
    private ProviderFigures sentLegacy;

    StageCounter(long born) {
      this.born = born;
      for (Provider provider : Provider.values()) {
        providers.put(provider, new ProviderCounter());
      }
    }

    boolean changed() {
      return providers.get(Provider.FOUNDRY).figures() != sentFoundry
          || providers.get(Provider.LEGACY).figures() != sentLegacy;
    }

    MetricsRow row(String source, long version, StageKey key) {
      sentFoundry = providers.get(Provider.FOUNDRY).figures();
      sentLegacy = providers.get(Provider.LEGACY).figures();
      return new MetricsRow(source, version, key.epoch, key.stage, born, sentFoundry, sentLegacy);
    }
  }
}
