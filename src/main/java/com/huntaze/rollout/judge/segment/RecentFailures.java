package com.huntaze.rollout.judge.segment;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.segment.FailureFigures.FailureCrowd;
import com.huntaze.rollout.outcome.Judgement;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parts that Foundry's last failures are of, beside the parts that its last requests are of: a
 * part that has most of the failures and not most of the traffic says where to look.
 * Single-threaded.
 */
final class RecentFailures {
  /** Failures that are remembered. */
  static final int MOST = 64;

  /** Requests that are remembered. */
  private static final int MOST_REQUESTS = 1_024;

  /** Fewer failures than that say nothing. */
  private static final int LEAST = 5;

  /** The share of the failures that is most of them. */
  private static final double CROWD = 0.8;

  /** It must be so many times the part's share of the requests. */
  private static final double APART = 2;

  /** Kinds that a sentence names. */
  private static final int NAMED = 3;

  private final Recent failures = new Recent(MOST);
  private final Recent requests = new Recent(MOST_REQUESTS);
  private final Deque<Failure> last = new ArrayDeque<>();

  private record Failure(Outcome outcome, long user) {}

  /** The parts of the last ones, and how many of them are of each. */
  private static final class Recent {
    private final int most;
    private final Deque<List<Segment>> last = new ArrayDeque<>();
    private final Map<Segment, Count> counts = new HashMap<>();

    /** The number of those that are of a part. */
    private static final class Count {
      private int of;
    }

    Recent(int most) {
      this.most = most;
    }

    void add(List<Segment> parts) {
      last.addLast(parts);
      for (int i = 0; i < parts.size(); i++) {
        counts.computeIfAbsent(parts.get(i), part -> new Count()).of++;
      }
      if (last.size() > most) {
        forget(last.removeFirst());
      }
    }

    private void forget(List<Segment> parts) {
      for (int i = 0; i < parts.size(); i++) {
        Count count = counts.get(parts.get(i));
        count.of--;
        if (count.of == 0) {
          counts.remove(parts.get(i));
        }
      }
    }

    double share(Segment part) {
      Count count = counts.get(part);
      return count == null ? 0 : (double) count.of / last.size();
    }
  }

  /**
   * A request of Foundry's has ended.
   *
   * @param parts that it is of
   */
  void add(List<Segment> parts, Compared exchange) {
    requests.add(parts);
    if (exchange.outcome().judge() != Judgement.ERROR) {
      return;
    }
    failures.add(parts);
    last.addLast(new Failure(exchange.outcome(), exchange.origin().user()));
    if (last.size() > MOST) {
      last.removeFirst();
    }
  }

  /** The last failures; empty = too few to tell anything of. */
  Optional<FailureFigures> figures() {
    return last.size() < LEAST
        ? Optional.empty()
        : Optional.of(new FailureFigures(last.size(), kinds(), users(), crowd().orElse(null)));
  }

  private int users() {
    return (int) last.stream().map(Failure::user).distinct().count();
  }

  /** The most frequent first, such as {@code 21 status 503}. */
  private List<String> kinds() {
    Map<String, Integer> counts = new TreeMap<>();
    last.forEach(failure -> counts.merge(kind(failure.outcome()), 1, Integer::sum));
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(NAMED)
        .map(each -> each.getValue() + " " + each.getKey())
        .toList();
  }

  private static String kind(Outcome outcome) {
    String label = outcome.label().replace('_', ' ');
    boolean told =
        outcome.meaning() == Meaning.TRANSIENT_STATUS || outcome.meaning() == Meaning.SERVER_ERROR;
    return told && outcome.status() > 0 ? "answers " + outcome.status() : label;
  }

  /** The smallest part that has most of the failures. */
  private Optional<FailureCrowd> crowd() {
    int of = failures.last.size();
    return failures.counts.entrySet().stream()
        .filter(each -> each.getValue().of >= CROWD * of)
        .filter(each -> each.getValue().of >= APART * requests.share(each.getKey()) * of)
        .min(
            Comparator.<Map.Entry<Segment, Recent.Count>>comparingDouble(
                    each -> requests.share(each.getKey()))
                .thenComparing(each -> each.getKey().text()))
        .map(each -> new FailureCrowd(each.getKey(), each.getValue().of));
  }
}
