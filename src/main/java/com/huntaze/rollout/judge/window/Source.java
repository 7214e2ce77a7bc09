package com.huntaze.rollout.judge.window;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The judge's knowledge of one source in the current epoch: the latest row of each of its stages,
 * and how much of it has been judged.
 */
final class Source {
  private static final int MOST_STAGES = 32;
  private static final long NEVER = Long.MIN_VALUE;

  private final Map<Key, Progress> stages = new HashMap<>();
  private long newestVersion = Long.MIN_VALUE;
  private boolean heard;
  private long heardAt;
  private long leftAt = NEVER;

  /**
   * Takes a row that another judge has judged as history. That is no sign of life. What has been
   * judged here beyond it is not part of what the other one has found.
   */
  void remember(SourceMark mark, String epoch) {
    ProviderFigures foundry = judged(mark.foundry());
    ProviderFigures legacy = judged(mark.legacy());
    MetricsRow row =
        new MetricsRow(
            mark.source(), mark.version(), epoch, mark.stage(), mark.born(), foundry, legacy);
    stages.merge(
        new Key(mark.stage(), mark.born()), new Progress(row, row, row), Source::handedOver);
  }

  private static Progress handedOver(Progress known, Progress mark) {
    boolean beyond = known.judged != null && known.judged.version() >= mark.judged.version();
    boolean newer = known.latest.version() > mark.latest.version();
    return new Progress(
        newer ? known.latest : mark.latest, beyond ? known.judged : mark.judged, mark.judged);
  }

  /** Takes all that was judged as part of a checkpoint: another judge may go on from there. */
  void handOn() {
    stages.replaceAll(
        (key, progress) -> new Progress(progress.latest, progress.judged, progress.judged));
  }

  /** Hands over what was judged of a stage, and is in no checkpoint of before. */
  void beyond(int stage, Change change) {
    stages.forEach(
        (key, progress) -> {
          boolean more = progress.judged != null && progress.judged != progress.handedOn;
          if (key.stage == stage && more) {
            change.between(progress.handedOn, progress.judged);
          }
        });
  }

  /** Returns the places up to which a stage's rows have been judged. */
  List<SourceMark> marks(int stage) {
    return stages.entrySet().stream()
        .filter(entry -> entry.getKey().stage == stage && entry.getValue().judged != null)
        .map(entry -> mark(entry.getValue().judged))
        .toList();
  }

  /** Keeps the row if it is the latest of its stage. */
  void take(MetricsRow row) {
    Key key = new Key(row.stage(), row.born());
    Progress progress = stages.get(key);
    if (progress == null) {
      makeRoom();
      stages.put(key, new Progress(row, null, null));
    } else if (row.version() > progress.latest.version()) {
      stages.put(key, new Progress(row, progress.judged, progress.handedOn));
    }
  }

  /** Tells whether a row is a sign of life: an old one that comes late or twice is none. */
  boolean hear(long version, long nowMillis) {
    boolean news = version > newestVersion;
    if (news) {
      newestVersion = version;
      heard = true;
      heardAt = nowMillis;
    }
    return news;
  }

  /** It is out of reach, or has ended. */
  void leaves(long nowMillis) {
    leftAt = nowMillis;
  }

  /** Returns whether it left no longer than some time ago, if at all. */
  boolean mayReturn(long nowMillis, long millis) {
    return leftAt == NEVER || nowMillis - leftAt <= millis;
  }

  /** It is back. */
  void returns() {
    leftAt = NEVER;
  }

  /** Returns whether a row has come within the last {@code millis}. */
  boolean isHeardWithin(long millis, long nowMillis) {
    return heard && nowMillis - heardAt <= millis;
  }

  boolean isHeard() {
    return heard;
  }

  /** The latest rows of all stages. */
  List<MetricsRow> rows() {
    return stages.values().stream().map(Progress::latest).toList();
  }

  /** The latest rows of a stage. */
  List<MetricsRow> rows(int stage) {
    return stages.entrySet().stream()
        .filter(entry -> entry.getKey().stage == stage)
        .map(entry -> entry.getValue().latest)
        .toList();
  }

  /** A new epoch has begun: nothing of the one before counts. */
  void forgetStages() {
    stages.clear();
  }

  /** Everything that a stage's rows tell of so far is history. */
  void skip(int stage) {
    stages.replaceAll(
        (key, progress) ->
            key.stage == stage
                ? new Progress(progress.latest, progress.latest, progress.latest)
                : progress);
  }

  /**
   * Hands over what is new in a stage, and takes it as judged.
   *
   * @param warming whether not all of it counts, so that it cannot be handed over once more
   */
  void judge(int stage, boolean warming, Change change) {
    stages.replaceAll(
        (key, progress) -> {
          if (key.stage != stage || progress.latest == progress.judged) {
            return progress;
          }
          change.between(progress.judged, progress.latest);
          return new Progress(
              progress.latest, progress.latest, warming ? progress.latest : progress.handedOn);
        });
  }

  private static ProviderFigures judged(StageTotals totals) {
    return ProviderFigures.of(totals);
  }

  private static SourceMark mark(MetricsRow row) {
    return new SourceMark(
        row.source(),
        row.stage(),
        row.born(),
        row.version(),
        row.foundry().totals(),
        row.legacy().totals());
  }

  private void makeRoom() {
    // A source that keeps forgetting its stages would otherwise fill the memory.
    if (stages.size() >= MOST_STAGES) {
      Iterator<Key> keys = stages.keySet().iterator();
      Key oldest = keys.next();
      while (keys.hasNext()) {
        Key next = keys.next();
        oldest = next.born < oldest.born ? next : oldest;
      }
      stages.remove(oldest);
    }
  }

  /** Receives what is new in a row. */
  interface Change {
    /**
     * @param judged the row that was judged last, {@code null} = none
     */
    void between(MetricsRow judged, MetricsRow latest);
  }

  private record Key(int stage, long born) {}

  /**
   * @param judged the row that was judged last, {@code null} = none
   * @param handedOn the row up to which checkpoints tell of it, {@code null} = none does
   */
  private record Progress(MetricsRow latest, MetricsRow judged, MetricsRow handedOn) {}
}
