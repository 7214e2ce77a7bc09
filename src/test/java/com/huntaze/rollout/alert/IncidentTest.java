package com.huntaze.rollout.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Alert.Kind;
import com.huntaze.rollout.canary.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Alerts that open an incident for people on call, and those that end one. */
class IncidentTest {
  private static AlertHome home(String replica, String admin) {
    return new AlertHome(replica, admin, false, "/data", List.of("java", "check"));
  }

  private static final AlertOrigin PRODUCTION =
      new AlertOrigin("production", home("3fa9c1d2", "http://h:9090"), AlertLinks.NONE);

  @ParameterizedTest
  @CsvSource({
    "ROLLBACK, CRITICAL, true",
    "ROLLBACK_OVER, CRITICAL, true",
    "PROVIDER_UP, CRITICAL, true",
    "BREAKER_OPEN, CRITICAL, false",
    "BREAKER_CLOSED, CRITICAL, false",
    "BREAKER_OPEN, WARNING, true",
    "BREAKER_CLOSED, WARNING, true",
    "CONFIGURATION_DRIFT, WARNING, true",
    "CONFIGURATION_DRIFT_OVER, WARNING, true",
    "CONFIGURATION_DRIFT_OVER, CRITICAL, false",
    "CLUSTER_PARTED, WARNING, true",
    "CLUSTER_PARTED_OVER, WARNING, true",
    "HOLD, WARNING, true",
    "PROMOTION, WARNING, true",
    "PROMOTION, CRITICAL, false",
    "LEADERSHIP, INFO, false",
    "DRY_RUN, INFO, false",
  })
  void newsForInformationOpensNothingAndMayEndSomething(
      Kind kind, Severity least, boolean concerns) {
    assertThat(Incident.concerns(Alerts.of(kind, "x"), least)).isEqualTo(concerns);
  }

  @Test
  void whatEndsAnIncidentIsNoneItself() {
    List<Kind> ends =
        Arrays.stream(Kind.values()).filter(kind -> !Incident.endedBy(kind).isEmpty()).toList();
    assertThat(ends).allMatch(kind -> kind.severity() == Severity.INFO);
    assertThat(ends)
        .flatMap(Incident::endedBy)
        .contains(
            Kind.ROLLBACK, Kind.PROVIDER_DOWN, Kind.BREAKER_OPEN, Kind.STATE_NOT_DURABLE, Kind.HOLD)
        .noneMatch(kind -> kind.severity() == Severity.INFO);
  }

  @ParameterizedTest
  @CsvSource({
    "ROLLBACK_OVER, CRITICAL, ROLLBACK",
    "ROLLBACK_OVER, WARNING, ROLLBACK HOLD THRESHOLD",
    "PROMOTION, INFO, HOLD THRESHOLD",
    "HOLD_OVER, WARNING, HOLD",
    "HOLD_OVER, CRITICAL, ''",
    "THRESHOLD_OVER, WARNING, THRESHOLD",
    "PROMOTION, CRITICAL, ''",
  })
  void onlyWhatAServiceWasToldOfIsClosedThere(Kind kind, Severity least, String ended) {
    assertThat(Incident.endedBy(kind, least))
        .extracting(Kind::name)
        .isEqualTo(List.of(ended.split(" ")).stream().filter(name -> !name.isEmpty()).toList());
  }

  @Test
  void allReplicasOfAnEnvironmentHaveOneIncidentAndEnvironmentsTheirOwn() {
    AlertOrigin other = new AlertOrigin("production", home("b", ""), AlertLinks.NONE);
    String key = Incident.key(PRODUCTION, Kind.ROLLBACK, "canary foundry");
    assertThat(key).isEqualTo("production/rollback/canary foundry");
    assertThat(Incident.key(other, Kind.ROLLBACK, "canary foundry")).isEqualTo(key);
    assertThat(Incident.key(AlertOrigin.UNKNOWN, Kind.ROLLBACK, "canary foundry"))
        .isEqualTo("rollout-proxy/rollback/canary foundry");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aKeyFitsIntoItsPlaceWhateverTheSubject(Kind kind) {
    AlertOrigin longest = new AlertOrigin("e".repeat(63), home("r", ""), AlertLinks.NONE);
    Alert alert = Alert.of(kind, "s".repeat(1_000), "x", 0);
    assertThat(Incident.key(longest, kind, alert.subject())).hasSizeLessThanOrEqualTo(255);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoeverIsWokenIsToldTheNextStep(Kind kind) {
    boolean opens = kind.severity() == Severity.CRITICAL;
    assertThat(PRODUCTION.next(kind).isPresent() || !opens).isTrue();
    assertThat(PRODUCTION.next(kind).orElse("none")).doesNotContain("null");
  }

  @Test
  void aCommandAsksTheAddressThatPeopleReachAndNamesNoToken() {
    AlertSettings settings =
        new AlertSettings(
            List.of(),
            null,
            new AlertLinks("https://rollout.example/", "https://wiki.example/r#{kind}", null),
            Duration.ZERO);
    AlertHome home = new AlertHome("a", "http://127.0.0.1:9090", true, "", List.of());
    AlertOrigin origin = AlertOrigin.of(home, settings);
    assertThat(origin.next(Kind.PROVIDER_DOWN).orElseThrow())
        .isEqualTo(
            "curl -sS https://rollout.example/api/v1/providers -H \"Authorization: Bearer"
                + " $ADMIN_TOKEN\"  # says how the provider fails its probe");
    assertThat(origin.fields(Alerts.of(Kind.ROLLBACK, "x")))
        .containsEntry("runbook", "https://wiki.example/r#rollback")
        .containsEntry("dashboard", "https://rollout.example/");
    AlertSettings bare = new AlertSettings(List.of(), null, AlertLinks.NONE, Duration.ZERO);
    assertThat(AlertOrigin.of(home, bare).next(Kind.HOLD).orElseThrow())
        .startsWith("curl -sS http://127.0.0.1:9090/api/v1/canary -H ");
  }

  /** A page goes to a shell: whatever stands in a name is one word of it, and a comment ends it. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aCommandIsOneToAShellWhateverItsWordsAre(Kind kind) throws Exception {
    AlertHome odd =
        new AlertHome(
            "a",
            "http://127.0.0.1:9/?a=b&c=$(false)",
            false,
            "/it's $(false); here",
            List.of("echo", "check", "it's `false`"));
    Optional<String> next = new AlertOrigin(null, odd, AlertLinks.NONE).next(kind);
    if (next.isEmpty()) {
      return;
    }
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "curl() { echo \"$@\"; }; ls() { echo \"$@\"; }; " + next.get())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
    if (next.get().contains("| grep")) {
      assertThat(said).isEmpty();
    } else {
      assertThat(said)
          .isIn(
              "-sS http://127.0.0.1:9/?a=b&c=$(false)%s\n"
                  .formatted(NextStep.of(kind).orElseThrow().path()),
              "-la /it's $(false); here\n",
              "check it's `false`\n");
    }
  }

  /** Nothing that is known only to another process is made up: then there are words. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aProcessThatKnowsNoCommandSaysItInWords(Kind kind) {
    assertThat(AlertOrigin.UNKNOWN.next(kind).orElse("none"))
        .doesNotContain("curl", "--config", "#", "null");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theDocumentAsksTheSameAsThePage(Kind kind) throws IOException {
    String row =
        Files.readString(Path.of("docs/alerts.md"))
            .lines()
            .filter(line -> line.startsWith("| `") && line.contains("`" + kind.label() + "`"))
            .findFirst()
            .orElseThrow();
    String command =
        NextStep.of(kind)
            .map(
                step ->
                    switch (step.tool()) {
                      case ASK ->
                          step.metric().isEmpty()
                              ? step.path()
                              : step.path() + " \\| grep ^" + step.metric();
                      case LIST_STATE -> "`ls -la` of `state.dir`";
                      case CHECK -> "java -jar rollout-proxy.jar check --config …`";
                    })
            .orElse("none");
    assertThat(row).contains(command);
  }
}
