package com.huntaze.rollout.judge.segment;

import com.huntaze.rollout.health.BaselineSettings;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.difference.DifferenceScope;
import com.huntaze.rollout.judge.difference.DifferenceTests;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.provider.Provider;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares Foundry's users with legacy's in each part of the traffic by itself, and in the rest
 * together: {@value #PLACES} comparisons at most, each with a fixed part of alpha. Dividing it by
 * the number of parts that have been seen would void the bound, for that number grows.
 *
 * <p>Where a kind has more parts than places, one that has never been looked at and that nobody has
 * asked for in {@value #IDLE} exchanges makes room for a newcomer: a client who invents names takes
 * no place from a model that is in use. The other newcomers are of the rest.
 *
 * <p>No clock and no chance in it; single-threaded.
 */
public final class SegmentTests {
  /** The parts of the traffic, and the rest. */
  public static final int PLACES = 33;

  /** The part of the budget of holds that all of them have together. */
  public static final double ALPHA_PART = 0.16;

  /** Parts whose looks are taken in one tick, which must stay short. */
  private static final int PARTS_A_TICK = 11;

  /** Exchanges of anybody's after which a part that had none of them is idle. */
  private static final long IDLE = 1_000;

  /** The share of the exchanges that is nearly all of them, where there are so many. */
  private static final double ALL = 0.9;

  private static final long MANY = 20;

  private final double alpha;
  private final BaselineSettings allowed;
  private final Map<Segment, Part> places = new LinkedHashMap<>();

  private RecentFailures recent = new RecentFailures();
  private RecentCosts costs = new RecentCosts();

  private String epoch = "";
  private int stage = -1;
  private int turn;
  private long exchanges;

  /** Those of the present stage. */
  private long ofStage;

  /** One part's comparison, and the number of its last exchange. */
  private static final class Part {
    private final DifferenceTests tests;
    private SegmentDifference figures;
    private long last;
    private long seen;

    Part(Segment segment, DifferenceTests tests) {
      this.tests = tests;
      figures = new SegmentDifference(segment, tests.figures());
    }

    void add(Compared exchange, long number) {
      last = number;
      seen++;
      tests.add(exchange);
    }

    void tick() {
      Map<Trait, Difference> now = tests.tick();
      if (now != figures.figures()) {
        figures = new SegmentDifference(figures.segment(), now);
      }
    }
  }

  /**
   * @param alpha the chance of a false hold in one stage
   * @param allowed how far Foundry's figures may be beyond legacy's
   */
  public SegmentTests(double alpha, BaselineSettings allowed) {
    this.alpha = alpha * ALPHA_PART / PLACES / DifferenceScope.SEGMENT.traits().size();
    this.allowed = allowed;
  }

  /** A stage has begun, or the canary has come back to it. */
  public void stageBegan(String newEpoch, int newStage) {
    if (!newEpoch.equals(epoch)) {
      places.clear();
    }
    epoch = newEpoch;
    stage = newStage;
    recent = new RecentFailures();
    costs = new RecentCosts();
    ofStage = 0;
    for (Part part : places.values()) {
      part.tests.stageBegan(epoch, stage);
      part.seen = 0;
    }
  }

  /** An exchange has ended; one of another stage is history. */
  public void add(Compared exchange) {
    Compared.Origin origin = exchange.origin();
    if (origin.stage() != stage || !origin.epoch().equals(epoch)) {
      return;
    }
    exchanges++;
    ofStage++;
    List<Segment> segments = Segment.of(origin.kind());
    if (origin.provider() == Provider.FOUNDRY) {
      recent.add(segments, exchange);
      costs.add(exchange.costNano());
    }
    boolean rest = false;
    for (int i = 0; i < segments.size(); i++) {
      Part part = place(segments.get(i));
      if (part == null) {
        rest = true;
      } else {
        part.add(exchange, exchanges);
      }
    }
    if (rest) {
      places.computeIfAbsent(Segment.REST, this::part).add(exchange, exchanges);
    }
  }

  /** The part that a segment has; {@code null} = there is no room for one of its own. */
  private Part place(Segment segment) {
    Part known = places.get(segment);
    if (known != null) {
      return known;
    }
    List<Map.Entry<Segment, Part>> alike =
        places.entrySet().stream().filter(each -> each.getKey().kind() == segment.kind()).toList();
    if (alike.size() >= segment.kind().places()) {
      Optional<Map.Entry<Segment, Part>> idle =
          alike.stream()
              .filter(each -> exchanges - each.getValue().last > IDLE)
              .filter(each -> !each.getValue().tests.isLookedAt())
              .min(Comparator.comparingLong(each -> each.getValue().last));
      if (idle.isEmpty()) {
        return null;
      }
      places.remove(idle.get().getKey());
    }
    return places.computeIfAbsent(segment, this::part);
  }

  private Part part(Segment segment) {
    DifferenceTests tests =
        new DifferenceTests(DifferenceScope.SEGMENT, alpha, allowed.ratio(), allowed.margin());
    tests.stageBegan(epoch, stage);
    return new Part(segment, tests);
  }

  /** Takes the looks of the parts whose turn it is, and returns all figures. */
  public SegmentFigures tick() {
    List<Part> parts = List.copyOf(places.values());
    for (int i = 0; i < Math.min(PARTS_A_TICK, parts.size()); i++) {
      Part part = parts.get(turn++ % parts.size());
      // What was found is looked at until it ends, whatever the part has grown to.
      if (isPart(part) || part.figures.worse()) {
        part.tick();
      }
    }
    turn %= Math.max(1, parts.size());
    return new SegmentFigures(
        parts.stream()
            .filter(part -> isPart(part) || part.figures.worse())
            .map(part -> part.figures)
            .toList(),
        recent.figures().orElse(null),
        costs.figures().orElse(null));
  }

  /**
   * A part that is nearly all of the traffic is compared as the whole, and says nothing more. It is
   * not known before some of it has come, as after a restart.
   */
  private boolean isPart(Part part) {
    boolean rest = part.figures.segment().equals(Segment.REST);
    return rest || ofStage >= MANY && part.seen <= ALL * ofStage;
  }

  /** Returns the knowledge to keep over a restart. */
  public SegmentState state() {
    return new SegmentState(
        places.entrySet().stream()
            .map(each -> new SegmentState.Part(each.getKey(), each.getValue().tests.state()))
            .toList());
  }

  /**
   * Goes on where a state of the present stage ended.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  public void restore(SegmentState state) {
    for (SegmentState.Part known : state.parts()) {
      if (known.segment() == null || known.state() == null) {
        throw new IllegalArgumentException(
            "segments: %s (expected: a part and its state)".formatted(known));
      }
      if (places.size() < PLACES) {
        DifferenceTests tests = part(known.segment()).tests;
        tests.restore(known.state());
        places.put(known.segment(), new Part(known.segment(), tests));
      }
    }
  }
}
