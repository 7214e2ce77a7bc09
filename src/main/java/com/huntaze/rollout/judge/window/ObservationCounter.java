package com.huntaze.rollout.judge.window;

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
  private final WaitingFailures waiting;

  /** In the order in which they began, the newest last. */
  private final Map<StageKey, StageCounter> stages = new LinkedHashMap<>();

  private Thresholds thresholds;
  private StageKey newest;
  private long version;

  /**
   * @param source an id that no other source and no earlier incarnation has
   * @param thresholds what is slow, and what the cost is held against
   */
  public ObservationCounter(String source, Thresholds thresholds) {
    this(source, thresholds, (WaitingFailures) null);
  }

  /**
   * A source whose failures of Foundry's wait until it is known that they are none in a row.
   *
   * @param streaks of the whole process
   */
  public ObservationCounter(String source, Thresholds thresholds, FailureStreaks streaks) {
    this(source, thresholds, new WaitingFailures(streaks));
  }

  private ObservationCounter(String source, Thresholds thresholds, WaitingFailures waiting) {
    this.source = source;
    this.thresholds = thresholds;
    this.waiting = waiting;
  }

  /**
   * Looks through the failures that wait; to be called a few times a second. Those that have waited
   * for 5 s while the circuit breaker stayed closed are seen.
   *
   * @param nowMillis monotonic
   * @param generation the breaker's present one
   * @param closed whether it is closed
   */
  public void sweep(long nowMillis, long generation, boolean closed) {
    if (waiting != null) {
      waiting.sweep(nowMillis, generation, closed);
    }
  }

  /** A stage has begun, or the canary has come back to it. */
  public void began(String epoch, int stage) {
    newest = new StageKey(epoch, stage);
    StageCounter counter = stages.remove(newest);
    stages.put(newest, counter == null ? new StageCounter(++version, waiting) : counter);
    if (stages.size() > 1 + MOST_BEFORE) {
      stages.remove(stages.keySet().iterator().next());
    }
  }

  /** An exchange of which nobody knows who made it has begun. */
  public Observation open(Provider provider, String epoch, int stage) {
    return open(provider, epoch, stage, Observation.NOBODY, true);
  }

  /**
   * An exchange has begun.
   *
   * @param who made it
   * @param sampled whether {@link UserSampler#first} granted it to the user
   */
  public Observation open(
      Provider provider, String epoch, int stage, Requester who, boolean sampled) {
    ProviderCounter counter = counter(provider, epoch, stage);
    long order = counter == null || counter.waiting() == null ? 0 : waiting.begin();
    return new Observation(counter, thresholds, who, sampled, order);
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

    StageCounter(long born, WaitingFailures ofFoundry) {
      this.born = born;
      providers.put(Provider.FOUNDRY, new ProviderCounter(ofFoundry));
      providers.put(Provider.LEGACY, new ProviderCounter(null));
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
