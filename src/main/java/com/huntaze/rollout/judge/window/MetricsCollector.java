package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.health.Freshness;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Brings the rows of all sources together (the seed's MetricsCollector): for the current stage
 * only, what came since the last tick goes into 1 s buckets and into the stage's totals.
 *
 * <p>Rows are cumulative and the latest of a (source, epoch, stage) replaces, so that loss,
 * doubling and reordering change nothing in the end, and within a tick nothing at all. Rows of
 * other epochs are ignored. What a stage's rows had told of when the stage ended is history: it
 * does not count again if the canary comes back to that stage.
 *
 * <p>Single-threaded. Times are monotonic milliseconds; one that goes back is taken for the latest.
 */
public final class MetricsCollector {
  /** A goodbye is remembered for this many sources: late rows of theirs revive none. */
  private static final int MOST_RETIRED = 256;

  /**
   * The time for which a checkpoint's knowledge of a source is kept until the source is heard
   * again.
   */
  private static final long REMEMBERED_MILLIS = 60_000;

  /**
   * Checkpoints tell of a source for so long after its goodbye: it may have been that of somebody
   * who only was away, and comes back when another judge leads.
   */
  private static final long RETURNS_MILLIS = 600_000;

  private final long staleMillis;
  private final Map<String, Source> live = new TreeMap<>();
  private final Map<String, Source> retired = new LinkedHashMap<>();
  private final Map<Provider, StageFigures> figures = new EnumMap<>(Provider.class);
  private final Set<Integer> visited = new HashSet<>();

  private String epoch = "";
  private int stage = -1;
  private long now = Long.MIN_VALUE;
  private long begunAt;
  private long lastObservation;
  private boolean awaited = true;

  /** The rows judged here that another judge has not seen, until they count as evidence. */
  private final List<Beyond> beyond = new ArrayList<>();

  /**
   * @param window how far the windows look back
   * @param minRequests N: further, when that holds fewer
   * @param staleAfter when a silent source is stale
   */
  public MetricsCollector(Duration window, long minRequests, Duration staleAfter) {
    staleMillis = staleAfter.toMillis();
    for (Provider provider : Provider.values()) {
      figures.put(provider, new StageFigures(window.toMillis(), minRequests));
    }
  }

  /** A stage has begun, or the canary has come back to it: the windows and totals are empty. */
  public void stageBegan(String newEpoch, int newStage, long nowMillis) {
    begin(newEpoch, newStage, nowMillis);
    if (!visited.add(newStage)) {
      all().forEach(source -> source.skip(newStage));
    }
    figures.values().forEach(each -> each.clear(StageTotals.NONE));
  }

  /**
   * Goes on with a stage where another judge has ended, after a restart or when it leads no more.
   * What this one has seen beyond it counts, once: with the next tick as evidence, and at once in
   * the totals. Its windows stay.
   */
  public void restore(
      String oldEpoch,
      int oldStage,
      Map<Provider, StageTotals> totals,
      List<SourceMark> marks,
      long nowMillis) {
    begin(oldEpoch, oldStage, nowMillis);
    visited.add(oldStage);
    marks.forEach(mark -> source(mark.source()).remember(mark, oldEpoch));
    figures.forEach((provider, each) -> each.goOn(totals.get(provider)));
    goOn();
    for (Beyond more : beyond) {
      figures.forEach((provider, each) -> each.addKnown(more.grown(provider)));
    }
  }

  /** The same where the other judge has not told of this stage: its totals are this one's. */
  public void goOn() {
    beyond.clear();
    all().forEach(source -> source.beyond(stage, (from, to) -> beyond.add(new Beyond(from, to))));
  }

  /** Takes all that was judged as part of a checkpoint from which another judge may go on. */
  public void handOn() {
    if (beyond.isEmpty()) {
      all().forEach(Source::handOn);
    }
  }

  /** Keeps a row, if it is of the current epoch and the latest of its source and stage. */
  public void take(MetricsRow row, long nowMillis) {
    long at = advance(nowMillis);
    Source source = source(row.source());
    // Of one who left before anything was heard of it the first row may be a late one.
    boolean known = source.isHeard();
    // A row of another epoch is still a sign of life: its source may not have heard of ours yet.
    if (source.hear(row.version(), at) && known && retired.remove(row.source(), source)) {
      source.returns();
      live.put(row.source(), source);
    }
    if (row.epoch().equals(epoch)) {
      source.take(row);
    }
  }

  /**
   * A source has said goodbye, or is out of reach: its counts stay, its silence is no longer
   * staleness. One that tells something new is back.
   */
  public void retire(String id) {
    Source known = live.containsKey(id) ? live.remove(id) : retired.remove(id);
    Source source = known == null ? new Source() : known;
    source.leaves(now);
    retired.put(id, source);
    if (retired.size() > MOST_RETIRED) {
      retired.remove(retired.keySet().iterator().next());
    }
  }

  /**
   * Judges what came since the last tick: into the buckets of now, and out as the sum.
   *
   * @param warming whether the stage is warming up: times and costs do not count
   */
  public Tick tick(long nowMillis, boolean warming) {
    long at = advance(nowMillis);
    if (at - begunAt > REMEMBERED_MILLIS) {
      live.values().removeIf(source -> !source.isHeard());
    }
    Tick counts = new Tick(warming);
    Source.Change change = (judged, latest) -> judge(judged, latest, at, counts);
    all().forEach(source -> source.judge(stage, warming, change));
    Counts found = counts.of(Provider.FOUNDRY).all();
    if (found.get(Counter.OBSERVED) > 0 || found.get(Counter.SETTLED) > 0) {
      lastObservation = at;
      awaited = false;
    }
    // No sign of life: it was seen before.
    beyond.forEach(more -> counts.addAll(more));
    beyond.clear();
    return counts;
  }

  public Freshness freshness() {
    List<String> stale =
        live.entrySet().stream()
            .filter(entry -> entry.getValue().isHeard())
            .filter(entry -> !entry.getValue().isHeardWithin(staleMillis, now))
            .map(Map.Entry::getKey)
            .toList();
    int sources = (int) live.values().stream().filter(Source::isHeard).count();
    return new Freshness(sources, stale, now - lastObservation, awaited);
  }

  public WindowCounts window(Provider provider) {
    return figures.get(provider).window(now);
  }

  public StageTotals totals(Provider provider) {
    return figures.get(provider).totals();
  }

  public ProviderMetrics metrics(Provider provider, WindowCounts window) {
    Map<String, Counts> models = new HashMap<>();
    all().forEach(source -> addModels(source, provider, models));
    return figures.get(provider).metrics(provider, window, now, models);
  }

  /** The 95th percentiles of the times, milliseconds; without data 0. */
  public Map<Metric, Double> p95(Provider provider) {
    return figures.get(provider).p95(now);
  }

  /** Returns the latest row of each living source and stage of the epoch. */
  public List<MetricsRow> latest() {
    return live.values().stream().flatMap(source -> source.rows().stream()).toList();
  }

  /** Returns the place up to which each source has been judged, for a checkpoint. */
  public List<SourceMark> marks() {
    return all()
        .filter(source -> source.mayReturn(now, RETURNS_MILLIS))
        .flatMap(source -> source.marks(stage).stream())
        .toList();
  }

  /** Returns the length of the window of one of Foundry's metrics, milliseconds. */
  public long windowMillis(Metric metric) {
    return figures.get(Provider.FOUNDRY).windowMillis(metric, now);
  }

  /** Returns the windows of both providers, for a checkpoint. */
  public Map<Provider, Map<Metric, List<Long>>> windows() {
    Map<Provider, Map<Metric, List<Long>>> windows = new EnumMap<>(Provider.class);
    figures.forEach((provider, each) -> windows.put(provider, each.kept(now)));
    return windows;
  }

  /**
   * Fills the windows with what they held at a checkpoint, as if it had been now.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  public void restoreWindows(Map<Provider, Map<Metric, List<Long>>> windows, long nowMillis) {
    long at = advance(nowMillis);
    windows.forEach((provider, kept) -> figures.get(provider).restore(kept, at));
  }

  private void begin(String newEpoch, int newStage, long nowMillis) {
    begunAt = advance(nowMillis);
    lastObservation = begunAt;
    awaited = true;
    if (!newEpoch.equals(epoch)) {
      all().forEach(Source::forgetStages);
      visited.clear();
      beyond.clear();
    }
    epoch = newEpoch;
    stage = newStage;
  }

  private void judge(MetricsRow judged, MetricsRow latest, long at, Tick counts) {
    for (Provider provider : Provider.values()) {
      ProviderFigures before = judged == null ? ProviderFigures.NONE : judged.of(provider);
      ProviderFigures after = latest.of(provider);
      if (before != after) {
        StageTotals grown = after.totals().minus(before.totals());
        StageTotals more = counts.warming ? grown.onlyFates() : grown;
        figures.get(provider).add(at, more, counts.warming ? after : before, after);
        counts.add(provider, more, after.keys());
        after.apart().forEach(each -> counts.apart(provider, each, each.grownSince(before)));
      }
    }
  }

  /** Adds up by model; each name of a source is kept, but no more of them than a source keeps. */
  private void addModels(Source source, Provider provider, Map<String, Counts> models) {
    source
        .rows(stage)
        .forEach(
            row ->
                row.of(provider)
                    .models()
                    .forEach(
                        (model, more) ->
                            models.merge(
                                ProviderCounter.keptName(models, model), more, Counts::plus)));
  }

  private Stream<Source> all() {
    return Stream.concat(live.values().stream(), retired.values().stream());
  }

  private Source source(String id) {
    Source gone = retired.get(id);
    return gone == null ? live.computeIfAbsent(id, unknown -> new Source()) : gone;
  }

  private long advance(long nowMillis) {
    now = Math.max(now, nowMillis);
    return now;
  }

  /**
   * The part of a source's row that was judged after what a checkpoint tells of.
   *
   * @param from {@code null} = from its beginning
   */
  private record Beyond(MetricsRow from, MetricsRow to) {
    ProviderFigures before(Provider provider) {
      return from == null ? ProviderFigures.NONE : from.of(provider);
    }

    StageTotals grown(Provider provider) {
      return to.of(provider).totals().minus(before(provider).totals());
    }
  }

  /** The news of one tick, summed over the sources. */
  public static final class Tick {
    private final Map<Provider, StageTotals> found = new EnumMap<>(Provider.class);
    private final Map<Provider, Map<Maker, StageTotals>> apart = new EnumMap<>(Provider.class);
    private final boolean warming;
    private KeySketch foundryKeys = KeySketch.EMPTY;

    public Tick(boolean warming) {
      this.warming = warming;
    }

    public void add(Provider provider, StageTotals more, KeySketch keys) {
      found.merge(provider, more, StageTotals::plus);
      if (provider == Provider.FOUNDRY) {
        foundryKeys = foundryKeys.union(keys);
      }
    }

    public void apart(Provider provider, RequesterTotals maker, StageTotals grown) {
      StageTotals more = warming ? grown.onlyFates() : grown;
      if (!more.equals(StageTotals.NONE)) {
        apart
            .computeIfAbsent(provider, each -> new HashMap<>())
            .merge(maker.maker(), more, StageTotals::plus);
      }
    }

    private void addAll(Beyond more) {
      for (Provider provider : Provider.values()) {
        ProviderFigures after = more.to().of(provider);
        if (after != more.before(provider)) {
          add(provider, more.grown(provider), after.keys());
          after
              .apart()
              .forEach(each -> apart(provider, each, each.grownSince(more.before(provider))));
        }
      }
    }

    public StageTotals of(Provider provider) {
      return found.getOrDefault(provider, StageTotals.NONE);
    }

    /** Returns the part of the news that is of users and API keys which are kept apart. */
    public Map<Maker, StageTotals> apart(Provider provider) {
      return apart.getOrDefault(provider, Map.of());
    }

    /** Foundry's user keys of this tick, and maybe of earlier ones. */
    public KeySketch foundryKeys() {
      return foundryKeys;
    }
  }
}
