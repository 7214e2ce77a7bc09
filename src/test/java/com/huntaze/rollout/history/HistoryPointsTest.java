package com.huntaze.rollout.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HistoryPointsTest {
  private static HistoryRow row(long at, double rate, double success, double p95) {
    Figures figures = new Figures(rate, success, p95, Double.NaN, 1 - success, Double.NaN);
    return new HistoryRow(at, 10, "healthy", figures, Figures.UNKNOWN);
  }

  @Test
  void areAsManyAsWantedWhateverTheNumberOfRows() {
    HistoryPoints points = new HistoryPoints(0, 1_000_000, 500);
    for (int i = 0; i < 100_000; i++) {
      points.add(row(10L * i, 5, 1, 100));
    }
    assertThat(points.all()).hasSize(500);
    assertThat(points.rows()).isEqualTo(100_000);
    assertThat(points.all()).extracting(HistoryRow::at).isSorted();
  }

  @Test
  void oneBadMomentAmongThousandsStaysToBeSeen() {
    HistoryPoints points = new HistoryPoints(0, 1_000_000, 10);
    for (int i = 0; i < 10_000; i++) {
      points.add(i == 5_555 ? row(100L * i, 100, 0.5, 9_000) : row(100L * i, 10, 1, 100));
    }
    Figures bad = points.all().get(5).foundry();
    assertThat(bad.success()).isEqualTo(0.5);
    assertThat(bad.p95()).isEqualTo(9_000);
    assertThat(bad.errors()).isEqualTo(0.5);
    assertThat(bad.rate()).isBetween(10.0, 11.0);
    assertThat(points.all().get(6).foundry()).isEqualTo(row(0, 10, 1, 100).foundry());
  }

  @Test
  void theWorstVerdictAndTheLastShareOfAPartAreToldWhateverTheOrder() {
    List<String> words =
        Arrays.stream(Verdict.values()).map(Verdict::label).collect(Collectors.toList());
    for (int worst = 0; worst < words.size(); worst++) {
      List<String> some = new ArrayList<>(words.subList(worst, words.size()));
      for (int turn = 0; turn < some.size(); turn++) {
        Collections.rotate(some, 1);
        HistoryPoints points = new HistoryPoints(0, 1_000, 1);
        for (int i = 0; i < some.size(); i++) {
          Figures none = Figures.UNKNOWN;
          points.add(new HistoryRow(i, 10 * i, some.get(i), none, none));
        }
        HistoryRow point = points.all().get(0);
        assertThat(point.verdict()).isEqualTo(words.get(worst));
        assertThat(point.percentage()).isEqualTo(10 * (some.size() - 1));
      }
    }
  }

  @Test
  void aWordOfALaterVersionIsToldWhereNoneThatIsKnownWasSaid() {
    HistoryPoints points = new HistoryPoints(0, 1_000, 1);
    points.add(new HistoryRow(1, 10, "", Figures.UNKNOWN, Figures.UNKNOWN));
    assertThat(points.all().get(0).verdict()).isEmpty();
    points.add(new HistoryRow(2, 10, "dubious", Figures.UNKNOWN, Figures.UNKNOWN));
    points.add(new HistoryRow(3, 10, "", Figures.UNKNOWN, Figures.UNKNOWN));
    assertThat(points.all().get(0).verdict()).isEqualTo("dubious");
    points.add(new HistoryRow(4, 10, "healthy", Figures.UNKNOWN, Figures.UNKNOWN));
    assertThat(points.all().get(0).verdict()).isEqualTo("healthy");
  }

  @Test
  void aPartWithoutARowIsNoPointAndOneWithoutAFigureHasNone() {
    HistoryPoints points = new HistoryPoints(1_000, 2_000, 10);
    List.of(999L, 1_050L, 1_950L, 2_000L, 2_001L).forEach(at -> points.add(row(at, 1, 1, 1)));
    assertThat(points.all()).extracting(HistoryRow::at).containsExactly(1_050L, 2_000L);
    assertThat(points.rows()).isEqualTo(3);
    assertThat(points.all().get(0).foundry().cost()).isNaN();
    assertThat(points.all().get(0).legacy()).isEqualTo(Figures.UNKNOWN);
  }
}
