package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert.Kind;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A way through the runbook: each kind's page is read, and its command run as it stands. */
final class Walk {
  private static final long COMMAND_SECONDS = 90;
  private static final Pattern NEXT = Pattern.compile("\\*Next:\\* (.*?)(?:  ·  .*)?");

  private final Pager pager;
  private final String dashboard;
  private final Map<String, String> environment;
  private final Map<Kind, CompletableFuture<Void>> walked;

  /** Provokes something, reads the page and sees the end of it. */
  interface Steps {
    void go() throws Exception;
  }

  /** The end of a page's command and all that it has said. */
  record Said(String command, int code, String text) {
    /** Demands an end and what it is about. */
    Said isOf(int expected, String... parts) {
      assertThat(code).as("%s%n%s", command, text).isEqualTo(expected);
      assertThat(List.of(parts)).as("%s%n%s", command, text).allMatch(text::contains);
      return this;
    }
  }

  /**
   * @param dashboard the address that pages link to
   * @param environment of the shell that their commands are pasted into
   * @param walked takes the end of each kind's walk
   */
  Walk(
      Pager pager,
      String dashboard,
      Map<String, String> environment,
      Map<Kind, CompletableFuture<Void>> walked) {
    this.pager = pager;
    this.dashboard = dashboard;
    this.environment = environment;
    this.walked = walked;
  }

  /** Walks a kind to its end. */
  void of(Kind kind, Steps steps) throws Exception {
    steps.go();
    walked.get(kind).complete(null);
  }

  /** Reads a page on which nothing is to be done. */
  JsonObject read(Kind kind) {
    JsonObject page = pager.page(kind);
    isWhole(kind, page);
    assertThat(page.getString("next")).as(kind.label()).isNull();
    return page;
  }

  /** Reads a page and does what it says. */
  Said follow(Kind kind) throws Exception {
    JsonObject page = pager.page(kind);
    isWhole(kind, page);
    String command = page.getString("next");
    assertThat(command).as("the command of %s", page).isNotBlank();
    assertThat(pager.opened(kind).getJsonObject("payload").getJsonObject("custom_details"))
        .isEqualTo(page);
    Matcher next = NEXT.matcher(below(pager.told(kind)));
    assertThat(next.matches()).isTrue();
    assertThat(next.group(1)).isEqualTo(command);
    return run(command, environment);
  }

  /** The origin, the cause, and the ways to go from here: all of it absolute. */
  private void isWhole(Kind kind, JsonObject page) {
    String runbook = Pager.RUNBOOK.replace("{kind}", kind.label());
    assertThat(page.getString("environment")).isEqualTo(Pager.ENVIRONMENT);
    assertThat(page.getString("replica")).isNotBlank();
    assertThat(page.getString("subject")).isNotBlank();
    assertThat(page.getString("sentence")).isNotBlank();
    assertThat(page.getString("dashboard")).isEqualTo(dashboard);
    assertThat(page.getString("runbook")).isEqualTo(runbook);
    assertThat(URI.create(dashboard).isAbsolute() && URI.create(runbook).isAbsolute()).isTrue();
    assertThat(below(pager.told(kind)))
        .contains(
            "%s, replica %s".formatted(Pager.ENVIRONMENT, page.getString("replica")),
            "<%s|Dashboard>".formatted(dashboard),
            "<%s|Runbook>".formatted(runbook));
    if (kind.severity() == Severity.INFO) {
      return;
    }
    JsonObject incident = pager.opened(kind);
    assertThat(incident.getString("dedup_key"))
        .isEqualTo(
            "%s/%s/%s".formatted(Pager.ENVIRONMENT, kind.label(), page.getString("subject")));
    assertThat(incident.getString("client_url")).isEqualTo(dashboard);
    assertThat(incident.getJsonArray("links").encode()).contains(dashboard, runbook);
    assertThat(incident.getJsonObject("payload").getString("summary"))
        .startsWith(Pager.ENVIRONMENT + ": ")
        .contains(page.getString("sentence"));
  }

  private static String below(JsonObject told) {
    JsonObject line = told.getJsonArray("blocks").getJsonObject(2);
    return line.getJsonArray("elements")
        .getJsonObject(0)
        .getString("text")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
  }

  /** A command as a person pastes it. */
  static Said run(String command, Map<String, String> environment) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
    shell.environment().putAll(environment);
    Process process = shell.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)).as(command).isTrue();
    return new Said(command, process.exitValue(), text);
  }
}
