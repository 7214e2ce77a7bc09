package com.huntaze.rollout.judge.difference;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.difference.ComparedWorld.Change;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/reports/differences.md}; {@code -Ddifferences.report=FILE} keeps them.
 */
@Tag("long")
class DifferenceTableIT {
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int MOST = 4_000;
  private static final int RUNS = 40;

  /** Of an alpha of 1 %, in three stages. */
  private static final double PART = 0.01 * 0.04 / 3;

  private static final List<String> lines = new ArrayList<>();

  @AfterAll
  static void keep() throws IOException {
    String file = System.getProperty("differences.report");
    if (file != null) {
      Files.write(Path.of(file), lines);
    }
  }

  @Test
  void whereNobodyIsWorseOffHardlyAnyRolloutIsHeld() {
    List<String> rows = new ArrayList<>();
    int broken = 0;
    for (int users : new int[] {50, 300, 3_000}) {
      for (double bad : new double[] {0, 0.05}) {
        int runs = users == 3_000 ? 60 : 200;
        int alike = held(users, bad, runs, 1, 0);
        int allowed = held(users, bad, runs, 1.5, 0.01);
        rows.add(
            "| %d | %s | %d of %d | %d of %d |".formatted(users, bad, alike, runs, allowed, runs));
        broken += alike > 0.01 * runs || allowed > 0.01 * runs ? 1 : 0;
      }
    }
    lines.addAll(rows);
    assertThat(broken).as(String.join("\n", rows)).isZero();
  }

  private static int held(int users, double bad, int runs, double ratio, double margin) {
    int held = 0;
    for (int seed = 0; seed < runs; seed++) {
      DifferenceTests tests = new DifferenceTests(DifferenceScope.WHOLE, PART, ratio, margin);
      ComparedWorld world = new ComparedWorld(seed, users, bad);
      boolean first = world.stage(tests, 0, 0.1, 24_000, null) >= 0;
      held += first || world.stage(tests, 1, 0.5, 24_000, null) >= 0 ? 1 : 0;
    }
    return held;
  }

  /** One row of the second table; a goal is the median that it must not exceed. */
  private record Fault(String name, Trait trait, Change change, int goal) {}

  @Test
  void whatAClientFeelsIsSeen() {
    List<Fault> faults =
        List.of(
            ending("10 % of the answers empty", Trait.EMPTY, 0.1, Meaning.WORDLESS.outcome(), 500),
            ending("20 % answered 429", Trait.THROTTLED, 0.2, Meaning.THROTTLED.outcome(), 500),
            ending("15 % answered 422", Trait.UNPROCESSABLE, 0.15, refused(), 500),
            ending("15 % of the clients leave", Trait.CLIENT_GONE, 0.15, gone(), 500),
            ending("3 % more errors", Trait.ERRORS, 0.03, failed(), MOST),
            new Fault("latency × 2", Trait.LATENCY, ComparedWorld.times(2, 1), 500),
            new Fault("first content × 2", Trait.FIRST_CONTENT, ComparedWorld.times(2, 1), MOST),
            new Fault("cost × 2", Trait.COST, ComparedWorld.times(1, 2), 500));
    List<String> late = new ArrayList<>();
    for (Fault fault : faults) {
      for (double share : new double[] {0.1, 0.5}) {
        int[] seen = seen(fault, share);
        String row =
            String.format(
                Locale.ROOT,
                "| %s | %.0f %% | %s | %s | %s |",
                fault.name(),
                100 * share,
                text(seen[RUNS / 2]),
                text(seen[RUNS * 9 / 10]),
                text(seen[RUNS - 1]));
        lines.add(row);
        if (seen[RUNS / 2] > fault.goal()) {
          late.add(row);
        }
      }
    }
    assertThat(late).isEmpty();
  }

  private static int[] seen(Fault fault, double share) {
    int[] seen = new int[RUNS];
    for (int seed = 0; seed < RUNS; seed++) {
      ComparedWorld world = new ComparedWorld(seed, 300, 0).foundry(fault.change());
      DifferenceTests tests = new DifferenceTests(DifferenceScope.WHOLE, PART, 1.5, 0.01);
      int found = world.stage(tests, 0, share, (int) (MOST / share), fault.trait());
      seen[seed] = found < 0 ? NEVER : found;
    }
    Arrays.sort(seen);
    return seen;
  }

  private static String text(int seen) {
    return seen == NEVER ? "not within 4,000" : String.format(Locale.ROOT, "%,d", seen);
  }

  private static Fault ending(String name, Trait trait, double part, Outcome other, int goal) {
    return new Fault(name, trait, ComparedWorld.ending(part, other), goal);
  }

  private static Outcome refused() {
    return Meaning.CALLER_ERROR.outcome(422);
  }

  private static Outcome gone() {
    return Meaning.CLIENT_GONE.outcome();
  }

  private static Outcome failed() {
    return Meaning.TRANSIENT_STATUS.outcome(500);
  }
}
