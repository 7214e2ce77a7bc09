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

  private final Map<Key, Progress> stages = new HashMap<>();
  private long newestVersion = Long.MIN_VALUE;
  private boolean heard;
  private long heardAt;

  /** Takes a row of before a restart as history. That is no sign of life. */
  void remember(SourceMark mark, String epoch) {
    ProviderFigures foundry = judged(mark.foundry());
    ProviderFigures legacy = judged(mark.legacy());
    MetricsRow row =
        new MetricsRow(
            mark.source(), mark.version(), epoch, mark.stage(), mark.born(), foundry, legacy);
    stages.put(new Key(mark.stage(), mark.born()), new Progress(row, row));
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
      stages.put(key, new Progress(row, null));
    } else if (row.version() > progress.latest.version()) {
      stages.put(key, new Progress(row, progress.judged));
    }
  }

  /** A row is a sign of life, unless it is an old one that comes late or twice. */
  void hear(long version, long nowMillis) {
    if (version > newestVersion) {
      newestVersion = version;
      heard = true;
      heardAt = nowMillis;
    }
  }

  /** Returns whether a row has come within the last {@code millis}. */
  boolean isHeardWithin(long millis, long nowMillis) {
    return heard && nowMillis - heardAt <= millis;
  }

  boolean isHeard() {
    return heard;
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
            key.stage == stage ? new Progress(progress.latest, progress.latest) : progress);
  }

  /** Hands over what is new in a stage, and takes it as judged. */
  void judge(int stage, Change change) {
    stages.replaceAll(
        (key, progress) -> {
          if (key.stage != stage || progress.latest == progress.judged) {
            return progress;
          }
          change.between(progress.judged, progress.latest);
          return new Progress(progress.latest, progress.latest);
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

  private record Progress(MetricsRow latest, MetricsRow judged) {}
}
