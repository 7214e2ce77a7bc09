package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rates of errors that Prometheus and Grafana compute count what the judge counts. */
class AttemptRatesTest {
  private static final Pattern LEFT_OUT = Pattern.compile("outcome!~\\\\?\"([^\"\\\\]+)\\\\?\"");

  @ParameterizedTest
  @ValueSource(
      strings = {"deploy/prometheus/rules.yml", "deploy/grafana/dashboards/rollout-proxy.json"})
  void theErrorRateIsTheJudges(String file) throws IOException {
    List<String> leftOut =
        LEFT_OUT.matcher(Files.readString(Path.of(file))).results().map(r -> r.group(1)).toList();
    assertThat(leftOut).as("errors, and what they are a share of").hasSize(2);
    assertThat(counted(leftOut.get(0))).isEqualTo(labels(Judgement.ERROR));
    assertThat(counted(leftOut.get(1))).isEqualTo(labels(Judgement.ERROR, Judgement.SUCCESS));
  }

  private static Set<String> counted(String leftOut) {
    Pattern pattern = Pattern.compile(leftOut);
    return outcomes()
        .map(Outcome::label)
        .filter(label -> !pattern.matcher(label).matches())
        .collect(Collectors.toSet());
  }

  private static Set<String> labels(Judgement... judgements) {
    return outcomes()
        .filter(outcome -> List.of(judgements).contains(outcome.judge()))
        .map(Outcome::label)
        .collect(Collectors.toSet());
  }

  private static Stream<Outcome> outcomes() {
    return Stream.concat(
        Arrays.stream(Meaning.values())
            .filter(meaning -> meaning != Meaning.UNREACHABLE)
            .map(meaning -> meaning.outcome(503)),
        Arrays.stream(UnreachableCause.values()).map(Outcome::unreachable));
  }
}
