package com.huntaze.rollout.judge.served;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The tables of {@code docs/reports/share.md}; {@code -Dshare.report=FILE} keeps them. */
@Tag("long")
class ShareTableIT {
  private static final double PART = 0.005 / 3;
  private static final int[] LADDER = {10, 50, 100};
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int RUNS = 101;

  private static final List<String> lines = new ArrayList<>();

  @AfterAll
  static void keep() throws IOException {
    String file = System.getProperty("share.report");
    if (file != null) {
      Files.write(Path.of(file), lines);
    }
  }

  @Test
  void whereTheSplitIsAsItWasSetHardlyAnyRolloutIsTold() {
    List<String> rows = new ArrayList<>();
    int all = 0;
    int runs = 200;
    for (int users : new int[] {50, 300, 3_000}) {
      for (double tail : new double[] {0, 1, 0.7}) {
        int none = told(users, tail, 0, runs);
        int some = told(users, tail, 5, runs);
        all += none + some;
        String form = "| %,d | %s | %d of %d | %d of %d |";
        rows.add(form.formatted(users, tail(tail), none, runs, some, runs));
      }
    }
    table("| users | activity | no failover | 5 % failed over |", "|---:|---|---:|---:|", rows);
    assertThat(all).isLessThanOrEqualTo(18 * runs / 100);
  }

  private static String tail(double tail) {
    return tail == 0 ? "alike" : "Pareto %.1f".formatted(tail);
  }

  private static int told(int users, double tail, int failing, int runs) {
    int told = 0;
    for (int run = 0; run < runs; run++) {
      ShareWorld world =
          new ShareWorld(5_000_000L + 10_000L * users + run, users, tail)
              .foundry(ShareTestTest.failing(failing));
      ShareTest test = new ShareTest(PART);
      boolean any = false;
      for (int stage = 0; stage < LADDER.length && !any; stage++) {
        any = world.stage(test, stage, LADDER[stage], LADDER[stage] / 100.0, 20_000) > 0;
      }
      told += any ? 1 : 0;
    }
    return told;
  }

  @Test
  void aShareThatIsNotServedIsTold() {
    List<String> rows = new ArrayList<>();
    rows.add(row("foundry is not asked at all", 50, 10, 0.1, 100));
    rows.add(row("foundry is not asked at all", 300, 10, 0.1, 100));
    rows.add(row("foundry is not asked at all", 3_000, 10, 0.1, 100));
    rows.add(row("legacy serves 69 % in its stead", 300, 10, 0.1, 69));
    rows.add(row("legacy serves 69 % in its stead", 3_000, 10, 0.1, 69));
    rows.add(row("the split chooses 3 %", 3_000, 10, 0.03, 0));
    rows.add(row("the split chooses 20 %", 3_000, 10, 0.2, 0));
    rows.add(row("foundry is not asked at all", 50, 50, 0.5, 100));
    rows.add(row("legacy serves half in its stead", 300, 50, 0.5, 50));
    rows.add(row("the split chooses 20 %", 300, 50, 0.2, 0));
    rows.add(row("legacy serves half in its stead", 50, 100, 1, 50));
    rows.add(row("legacy serves 30 % in its stead", 3_000, 100, 1, 30));
    table(
        "| what is wrong | users | set | median | 9 of 10 | last |",
        "|---|---:|---:|---:|---:|---:|",
        rows);
    assertThat(rows).hasSize(12);
  }

  private static String row(String what, int users, int set, double chosen, int failing) {
    int[] needed = new int[RUNS];
    for (int run = 0; run < RUNS; run++) {
      ShareWorld world =
          new ShareWorld(9_000_000L + 1_000L * users + run, users, 1)
              .foundry(ShareTestTest.failing(failing));
      int at = world.stage(new ShareTest(PART), 0, set, chosen, 20_000);
      needed[run] = at < 0 ? NEVER : at;
    }
    Arrays.sort(needed);
    return "| %s | %,d | %d %% | %s | %s | %s |"
        .formatted(
            what,
            users,
            set,
            requests(needed[RUNS / 2]),
            requests(needed[RUNS * 9 / 10]),
            requests(needed[RUNS - 1]));
  }

  private static String requests(int at) {
    return at == NEVER ? "not within 20,000" : String.format(Locale.ROOT, "%,d", at);
  }

  private static void table(String head, String line, List<String> rows) {
    lines.add("");
    lines.add(head);
    lines.add(line);
    lines.addAll(rows);
  }
}
