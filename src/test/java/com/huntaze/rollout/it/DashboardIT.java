package com.huntaze.rollout.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.huntaze.rollout.Waits;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The dashboard in a real browser, in front of simulated providers and of a hostile one. */
@Tag("heavy")
class DashboardIT {
  private static final String TOKEN = "0123456789-the-admin-token-0123456789";
  private static final String HOSTILE = "<img src=x onerror=document.title='owned'>";
  private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
      new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

  private static Browser browser;
  private static RunningProxy proxy;
  private Browser.Tab tab;

  @BeforeAll
  static void start() {
    browser = Browser.start();
    proxy = RunningProxy.start(simulated(20));
  }

  private static JsonObject simulated(int requestsPerSecond) {
    JsonObject health =
        new JsonObject()
            // A busy machine is slow, and this is not about the judge.
            .put("latencyP95", new JsonObject().put("limit", "60s"));
    return RolloutProcess.stages("1h")
        .put("prices", "conf/prices.json")
        .put("health", health)
        .put(
            "simulate",
            new JsonObject()
                .put("foundryPort", 0)
                .put("legacyPort", 0)
                .put("requestsPerSecond", requestsPerSecond));
  }

  @AfterAll
  static void stop() {
    if (proxy != null) {
      proxy.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void beAtTheFirstStage() throws IOException {
    proxy.admin("POST", "/api/v1/canary/reset", null);
    assertThat(proxy.admin("POST", "/api/v1/canary/start", null).statusCode()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    if (tab != null) {
      tab.close();
    }
  }

  private Page open(ColorScheme scheme, int width) {
    tab = browser.open("http://127.0.0.1:" + proxy.adminPort() + "/", scheme, width);
    Page page = tab.page();
    assertThat(page.locator("#link")).containsText("live", PATIENTLY);
    assertThat(page.locator("#fact-phase")).containsText("canary_10", PATIENTLY);
    return page;
  }

  /** A button of the action bar. The dialog, while it closes, may have one of the same name. */
  private static Locator button(Page page, String name) {
    return page.getByLabel("Actions", new Page.GetByLabelOptions().setExact(true))
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  private static JsonObject state() throws IOException {
    return new JsonObject(proxy.admin("GET", "/api/v1/canary", null).body());
  }

  @Test
  void followsWhatHappensWithoutBeingAsked() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    proxy.admin("POST", "/api/v1/canary/advance", null);
    assertThat(page.locator("#fact-phase")).containsText("canary_50", PATIENTLY);
    assertThat(page.locator("#fact-set")).hasText("50 %");
    assertThat(page.locator("#ladder [aria-current=step]")).containsText("50 %");
    assertThat(page.locator("#decisions li").first()).containsText("Advance canary foundry");
    proxy.admin(
        "POST",
        "/api/v1/canary/rollback",
        "{\"reason\":\"seen enough\"}",
        "Content-Type",
        "application/json");
    assertThat(page.locator("#verdict-word")).containsText("Rolled back", PATIENTLY);
    assertThat(page.locator("#verdict-why")).hasText(Pattern.compile("ROLLBACK.*by api.*"));
    assertThat(page.locator("#decisions li").first()).containsText("seen enough");
    assertThat(page.locator("#alerts")).containsText("critical", PATIENTLY);
    assertThat(tab.complaints()).isEmpty();
  }

  @Test
  void showsTheFiguresOfBothSides() {
    Page page = open(ColorScheme.LIGHT, 1280);
    assertThat(page.locator("#gates")).containsText("Error rate");
    assertThat(page.locator("#gates")).containsText("Observations");
    assertThat(page.locator("#flow-text")).containsText("were meant for Foundry", PATIENTLY);
    assertThat(page.locator("#requests td").first())
        .hasText(Pattern.compile("\\d\\d:\\d\\d:\\d\\d"));
    assertThat(page.locator("#costs")).containsText("all together", PATIENTLY);
    page.locator("#costs-by").selectOption("tier");
    assertThat(page.locator("#costs-head")).hasText("Tier");
    Locator table = page.locator("figure.chart details").first();
    table.locator("summary").click();
    assertThat(table.locator("tbody")).containsText("/s", PATIENTLY);
    assertThat(tab.complaints()).isEmpty();
  }

  @Test
  void rollsBackWithAReasonByTheKeyboardAlone() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    button(page, "Roll back").focus();
    page.keyboard().press("Enter");
    page.keyboard().type("too many complaints");
    page.keyboard().press("Enter");
    assertThat(page.locator("#verdict-word")).containsText("Rolled back", PATIENTLY);
    assertThat(state().getString("phase")).isEqualTo("rollback");
    assertThat(state().getString("reason")).contains("by api", "too many complaints");
    assertThat(button(page, "Roll back")).isDisabled();
    assertThat(button(page, "Start")).isEnabled();
  }

  @Test
  void pausesAndResumes() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    button(page, "Pause").click();
    page.locator("#ask-go").click();
    assertThat(page.locator("#verdict-word")).containsText("Paused", PATIENTLY);
    assertThat(state().getBoolean("paused")).isTrue();
    button(page, "Resume").click();
    page.locator("#ask-go").click();
    assertThat(button(page, "Resume")).isDisabled();
    assertThat(state().getBoolean("paused")).isFalse();
  }

  @Test
  void asksTwiceBeforeEverythingGoesToFoundry() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    button(page, "Promote to 100 %…").click();
    page.locator("#ask-go").click();
    assertThat(page.locator("#ask-title")).hasText("Really all of it?");
    assertThat(state().getInteger("percentage")).isEqualTo(10);
    page.locator("#ask-cancel").click();
    assertThat(page.locator("#ask")).isHidden();
    assertThat(state().getInteger("percentage")).isEqualTo(10);
    button(page, "Promote to 100 %…").click();
    page.locator("#ask-go").click();
    page.locator("#ask-go").click();
    // Carried out, or refused with its sentence: the judge has the last word on raising.
    assertThat(page.locator("#fact-set")).containsText("100 %", PATIENTLY);
    assertThat(state().getInteger("percentage")).isEqualTo(100);
  }

  @Test
  void saysOfEachStageWhatBecameOfIt() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    assertThat(page.locator("#gates")).containsText("Time of health", PATIENTLY);
    proxy.admin(
        "PUT",
        "/api/v1/canary/percentage",
        "{\"percentage\":60}",
        "Content-Type",
        "application/json");
    Locator steps = page.locator("#ladder li");
    assertThat(steps.nth(0)).containsText("◐ 10 %", PATIENTLY);
    assertThat(steps.nth(0)).containsText("left by hand after ");
    assertThat(steps.nth(1)).containsText("skipped, never served");
    assertThat(steps.nth(2)).containsText("set by hand at 60 %: its time does not count");
    assertThat(page.locator("#ladder")).not().containsText("of health");
    assertThat(page.locator("#fact-healthy")).hasText("not counted: set by hand");
    Locator observations =
        page.locator("#gates tr", new Page.LocatorOptions().setHasText("Observations"));
    assertThat(observations).containsText("not waited for: set by hand", PATIENTLY);
    assertThat(observations).not().containsText(">=");
    assertThat(page.locator("#missing")).not().containsText("Missing");
    JsonObject health = new JsonObject(proxy.admin("GET", "/api/v1/metrics", null).body());
    assertThat(health.getJsonArray("gates").getJsonObject(0).getString("held"))
        .isEqualTo("set by hand");
    proxy.admin("POST", "/api/v1/canary/reset", null);
    proxy.admin("POST", "/api/v1/canary/start", null);
    assertThat(steps.nth(0)).containsText("now, 1 h 00 min of health", PATIENTLY);
    assertThat(observations).containsText(">= 20", PATIENTLY);
  }

  /** Nothing is promoted from it until somebody lets it go on; an emptied field is no share. */
  @Test
  void aShareThatWasSetByHandCanBeLetGoOn() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    assertThat(button(page, "Start"))
        .isDisabled(new LocatorAssertions.IsDisabledOptions().setTimeout(30_000));
    button(page, "Set share…").click();
    page.locator("#ask-share").fill("");
    page.locator("#ask-go").click();
    assertThat(page.locator("#ask")).isVisible();
    page.locator("#ask-share").fill("60");
    page.locator("#ask-go").click();
    assertThat(page.locator("#fact-set"))
        .hasText("60 %", new LocatorAssertions.HasTextOptions().setTimeout(30_000));
    button(page, "Start").click();
    page.locator("#ask-go").click();
    assertThat(page.locator("#ladder li").nth(2)).containsText("now at 60 %", PATIENTLY);
    proxy.admin("POST", "/api/v1/canary/reset", null);
    proxy.admin("POST", "/api/v1/canary/start", null);
  }

  @Test
  void tellsWhyAnActionIsRefused() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    button(page, "Pause").click();
    assertThat(page.locator("#ask")).isVisible();
    proxy.admin("POST", "/api/v1/canary/rollback", null);
    page.locator("#ask-go").click();
    assertThat(page.locator("#ask-error")).containsText("pause: ", PATIENTLY);
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void isAccessibleAndFitsInBothSchemes(ColorScheme scheme) {
    String name = scheme.name().toLowerCase(java.util.Locale.ROOT);
    Page page = open(scheme, 1280);
    assertThat(page.locator("#flow-text")).containsText("were meant for Foundry", PATIENTLY);
    assertThat(page.locator("#costs")).containsText("all together", PATIENTLY);
    assertNoViolations(page);
    assertAxesAreReadable(page);
    tab.screenshot("dashboard-" + name, true);
    page.setViewportSize(400, 800);
    assertThat(
            page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
        .isEqualTo(true);
    assertNoViolations(page);
    tab.screenshot("dashboard-" + name + "-400", true);
    button(page, "Roll back").click();
    assertThat(page.locator("#ask")).isVisible();
    assertNoViolations(page);
    tab.screenshot("dashboard-" + name + "-ask", false);
    assertThat(tab.complaints()).isEmpty();
  }

  private static void assertNoViolations(Page page) {
    List<String> violations =
        new AxeBuilder(page)
            .analyze().getViolations().stream()
                .flatMap(
                    rule ->
                        rule.getNodes().stream()
                            .map(node -> rule.getId() + " at " + node.getTarget()))
                .toList();
    assertThat(violations).isEmpty();
  }

  /** A canvas is nothing to axe: some of its pixels must stand out from the page behind it. */
  private static void assertAxesAreReadable(Page page) {
    Object contrast =
        page.evaluate(
            """
            () => {
              const canvas = document.querySelector('.plot canvas');
              const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              const card = getComputedStyle(document.querySelector('.card')).backgroundColor;
              const [r, g, b] = card.match(/\\d+/g).map(Number);
              const light = (x, y, z) => 0.2126 * x + 0.7152 * y + 0.0722 * z;
              let most = 0;
              for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] > 200) {
                  most = Math.max(most, Math.abs(light(data[i], data[i + 1], data[i + 2]) - light(r, g, b)));
                }
              }
              return most;
            }
            """);
    assertThat(((Number) contrast).doubleValue()).isGreaterThan(90);
  }

  @Test
  void keepsTheSchemeThatSomebodyChose() {
    Page page = open(ColorScheme.LIGHT, 1280);
    String light = background(page);
    page.locator("#theme").selectOption("dark");
    String dark = background(page);
    assertThat(dark).isNotEqualTo(light);
    page.reload();
    assertThat(page.locator("#link")).containsText("live", PATIENTLY);
    assertThat(background(page)).isEqualTo(dark);
    assertAxesAreReadable(page);
  }

  private static String background(Page page) {
    return (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
  }

  @Test
  void copiesADecisionAsTheSlackChannelWordsIt() throws Exception {
    try (Received slack = new Received("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        RunningProxy alerting = RunningProxy.start(promotesAtOnce(slack))) {
      tab = browser.open("http://127.0.0.1:" + alerting.adminPort() + "/", ColorScheme.LIGHT, 1280);
      Page page = tab.page();
      page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
      alerting.admin("POST", "/api/v1/canary/start", null);
      String promotion = said(slack);
      assertThat(promotion).startsWith("[info] promotion: Advance canary foundry 10 % -> 50 %");
      assertThat(page.locator("#decisions")).containsText("10 % -> 50 %", PATIENTLY);
      assertThat(copied(page, "10 % -> 50 %")).isEqualTo(promotion);
      alerting.admin(
          "POST",
          "/api/v1/canary/rollback",
          "{\"reason\":\"a < b & c > d\"}",
          "Content-Type",
          "application/json");
      String rollback = said(slack);
      while (!rollback.contains("rollback")) {
        rollback = said(slack);
      }
      assertThat(rollback).startsWith("[critical] rollback: ROLLBACK canary foundry ");
      assertThat(page.locator("#decisions")).containsText("a < b & c > d", PATIENTLY);
      assertThat(copied(page, "ROLLBACK")).isEqualTo(rollback);
      assertThat(tab.complaints()).isEmpty();
    }
  }

  private static JsonObject promotesAtOnce(Received slack) {
    JsonObject channel =
        new JsonObject()
            .put("type", "slack")
            .put("minSeverity", "info")
            .put("url", slack.url() + "/services/T/B/x");
    JsonObject promote = new JsonObject().put("minRequests", 3).put("evidence", false);
    return simulated(20)
        .mergeIn(RolloutProcess.stages("1s"), true)
        .mergeIn(
            new JsonObject()
                .put("canary", new JsonObject().put("promote", promote))
                .put("alerts", new JsonObject().put("channels", List.of(channel))),
            true);
  }

  /** Returns the words that the channel was told, as people see them. */
  private static String said(Received slack) throws Exception {
    return slack
        .next()
        .body()
        .getString("text")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  /** Presses a decision's button; what the clipboard has then. */
  private static Object copied(Page page, String decision) {
    Locator line =
        page.locator("#decisions li", new Page.LocatorOptions().setHasText(decision)).first();
    line.getByRole(AriaRole.BUTTON).click();
    assertThat(line.getByRole(AriaRole.BUTTON)).hasText("Copied");
    return page.evaluate("navigator.clipboard.readText()");
  }

  @Test
  void laysTheTextOutWhereThereIsNoClipboard() {
    Page page = open(ColorScheme.LIGHT, 1280);
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})");
    page.locator("#decisions button").first().click();
    assertThat(page.locator("#copy-text"))
        .hasValue(Pattern.compile("\\[info] start: Start canary foundry 0 % -> 10 % .*"));
    assertThat(page.evaluate("getSelection().toString() || document.activeElement.selectionEnd"))
        .isNotEqualTo(0);
    assertNoViolations(page);
    tab.screenshot("dashboard-copy", false);
    page.locator("#copy-close").click();
    assertThat(page.locator("#copy")).isHidden();
  }

  @Test
  void showsWhatCallersPreferByProviderModelAndAgent() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    proxy.admin(
        "PUT",
        "/api/v1/canary/percentage",
        "{\"percentage\":50}",
        "Content-Type",
        "application/json");
    for (int i = 0; i < 40; i++) {
      String id = "rated-" + i;
      String served =
          proxy
              .post(
                  "/v1/agents/fan_message",
                  "{\"prompt\":\"hi\"}",
                  "X-Correlation-ID",
                  id,
                  "X-User-ID",
                  "user-" + i)
              .headers()
              .firstValue("X-AI-Provider")
              .orElseThrow();
      int score = served.equals("foundry") ? 1 : 0;
      String rating = "{\"correlationId\":\"%s\",\"score\":%d}".formatted(id, score);
      assertThat(proxy.post("/v1/feedback", rating).statusCode()).isEqualTo(204);
    }
    page.locator("#quality-by").selectOption("agent");
    assertThat(page.locator("#quality-head")).hasText("Agent");
    Locator agent =
        page.locator("#quality tr", new Page.LocatorOptions().setHasText("messaging")).first();
    assertThat(agent.locator("td").nth(1)).containsText("1.00 (", PATIENTLY);
    assertThat(agent.locator("td").nth(2)).containsText("0.00 (", PATIENTLY);
    assertThat(agent.locator("td").nth(3)).containsText("+1.00 (+");
    assertThat(agent.locator("td").nth(3)).containsText("Foundry is preferred");
    assertThat(
            page.evaluate(
                "(() => { const box = document.querySelector('#quality').closest('.scroll');"
                    + " return box.scrollWidth <= box.clientWidth; })()"))
        .isEqualTo(true);
    page.locator("#quality-by").selectOption("model");
    assertThat(page.locator("#quality-head")).hasText("Model");
    // Each model is one side's in the simulation: there is nothing to compare.
    assertThat(page.locator("#quality tr")).not().hasCount(1);
    assertThat(page.locator("#quality")).containsText("all answers");
    tab.screenshot("dashboard-quality", true);
    assertThat(tab.complaints()).isEmpty();
  }

  @Test
  void offersTheNextCommandWhichIsTheReadmes() throws Exception {
    Page page = open(ColorScheme.LIGHT, 1280);
    page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    String command = page.locator("#next-command").textContent();
    assertThat(Files.readString(Path.of("README.md"))).contains("```sh\n" + command + "\n```");
    page.locator("#next-actions button").click();
    assertThat(page.locator("#next-actions button")).hasText("Copied");
    assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(command);
  }

  @Test
  void callsACostThatIsNotKnownUnknown() throws Exception {
    String body = "{\"model\":\"no price\",\"output\":\"hi\",\"usage\":{\"prompt_tokens\":3}}";
    String answer =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    try (RawOrigin origin = new RawOrigin(call -> call.send(answer));
        RunningProxy unpriced =
            RunningProxy.start(RunningProxy.canary(origin.url(), origin.url(), 50))) {
      unpriced.admin("POST", "/api/v1/canary/start", null);
      // The start reaches the event loops a moment after it is answered.
      Waits.until(
          () ->
              unpriced
                  .post("/route", "{\"prompt\":\"hi\"}")
                  .headers()
                  .firstValue("X-AI-Provider")
                  .orElse("")
                  .equals("foundry"));
      tab = browser.open("http://127.0.0.1:" + unpriced.adminPort() + "/", ColorScheme.LIGHT, 1280);
      Page page = tab.page();
      for (String table : List.of("#costs", "#requests", "#gates")) {
        assertThat(page.locator(table)).containsText("unknown", PATIENTLY);
        assertThat(page.locator(table)).not().containsText("$0.00");
      }
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  void showsWhatIsHostileAsText() throws Exception {
    JsonObject whole =
        new JsonObject()
            .put("model", HOSTILE)
            .put("output", "hi")
            .put("usage", new JsonObject().put("prompt_tokens", 3).put("completion_tokens", 4));
    String answer =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(whole.encode().length(), whole.encode());
    try (RawOrigin origin = new RawOrigin(call -> call.send(answer));
        RunningProxy hostile =
            RunningProxy.start(RunningProxy.canary(origin.url(), origin.url(), 50))) {
      hostile.admin(
          "POST",
          "/api/v1/canary/start",
          new JsonObject().put("reason", HOSTILE).encode(),
          "Content-Type",
          "application/json");
      hostile.post("/route", "{\"prompt\":\"hi\"}");
      tab = browser.open("http://127.0.0.1:" + hostile.adminPort() + "/", ColorScheme.LIGHT, 1280);
      Page page = tab.page();
      assertThat(page.locator("#requests")).containsText(HOSTILE, PATIENTLY);
      assertThat(page.locator("#costs")).containsText(HOSTILE, PATIENTLY);
      assertThat(page.locator("#decisions")).containsText(HOSTILE, PATIENTLY);
      assertThat(page.locator("main img")).hasCount(0);
      assertThat(page.title()).doesNotContain("owned");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  void asksForTheTokenAndKeepsItOutOfEveryAddress() throws Exception {
    JsonObject admin = new JsonObject().put("port", 0).put("token", TOKEN);
    try (RunningProxy guarded = RunningProxy.start(simulated(5).put("admin", admin))) {
      tab = browser.open("http://127.0.0.1:" + guarded.adminPort() + "/", ColorScheme.LIGHT, 1280);
      Page page = tab.page();
      page.onRequest(request -> assertThat(request.url()).doesNotContain(TOKEN));
      assertThat(page.locator("#login")).isVisible();
      assertNoViolations(page);
      tab.screenshot("dashboard-login", false);
      assertThat(tab.complaints()).isEmpty();
      page.locator("#login-token").fill("wrong");
      page.keyboard().press("Enter");
      assertThat(page.locator("#login-error")).containsText("refused", PATIENTLY);
      page.locator("#login-token").fill(TOKEN);
      page.keyboard().press("Enter");
      assertThat(page.locator("#link")).containsText("live", PATIENTLY);
      assertThat(page.locator("#verdict-word")).containsText("Idle", PATIENTLY);
      button(page, "Start").click();
      page.locator("#ask-go").click();
      assertThat(page.locator("#fact-phase")).containsText("canary_10", PATIENTLY);
      assertThat(
              (String)
                  page.evaluate("location.href + document.cookie + JSON.stringify(localStorage)"))
          .doesNotContain(TOKEN);
      page.reload();
      assertThat(page.locator("#link")).containsText("live", PATIENTLY);
    }
  }

  @Test
  void whoMayOnlyReadFindsNoButtonThatRefusesHim() throws Exception {
    JsonObject viewer =
        new JsonObject().put("name", "grafana").put("role", "viewer").put("token", TOKEN);
    JsonObject admin = new JsonObject().put("port", 0).put("tokens", new JsonArray().add(viewer));
    try (RunningProxy guarded = RunningProxy.start(simulated(5).put("admin", admin))) {
      tab = browser.open("http://127.0.0.1:" + guarded.adminPort() + "/", ColorScheme.LIGHT, 1280);
      Page page = tab.page();
      page.locator("#login-token").fill(TOKEN);
      page.keyboard().press("Enter");
      assertThat(page.locator("#link")).containsText("live", PATIENTLY);
      assertThat(page.locator("#actions-role"))
          .hasText("grafana has the role viewer: these need operator.");
      assertThat(page.locator("#faults-role"))
          .hasText("grafana has the role viewer: these need admin.");
      assertThat(page.locator("#verdict-word")).containsText("Idle", PATIENTLY);
      assertThat(page.locator("#actions button:enabled, #faults button:enabled")).hasCount(0);
      assertThat(tab.complaints()).isEmpty();
    }
  }
}
