package com.huntaze.rollout.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard while its proxy stands still, is gone, and comes back. */
@Tag("long")
class DashboardOldIT {
  private static final Pattern LOST =
      Pattern.compile(
          "No connection to the proxy since \\d\\d:\\d\\d:\\d\\d.*: what follows is old");
  private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
      new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

  /** A silent stream is noticed after 5 s; the rest is for a busy machine. */
  private static final double SOON_MILLIS = 9_000;

  @TempDir Path folder;

  private ProxyProcess proxy(int adminPort) throws Exception {
    JsonObject settings =
        RolloutProcess.stages("1h")
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", adminPort))
            .put("state", new JsonObject().put("dir", folder.toString()))
            .put("providers", RunningProxy.withoutProbes())
            .put("health", new JsonObject().put("latencyP95", new JsonObject().put("limit", "60s")))
            .put(
                "simulate",
                new JsonObject()
                    .put("foundryPort", 0)
                    .put("legacyPort", 0)
                    .put("requestsPerSecond", 5));
    Path file = ProxyProcess.configuration(settings.encode());
    return ProxyProcess.start(List.of("-Xmx128m"), Map.of(), "run", "--config", file.toString());
  }

  @Test
  void saysAcrossThePageThatItIsOldAndIsLiveAgainAfterwards() throws Exception {
    int port = FreePorts.next();
    try (Browser browser = Browser.start()) {
      Page page;
      Instant began = Instant.now();
      try (ProxyProcess proxy = proxy(port)) {
        page = browser.open("http://127.0.0.1:" + port + "/", ColorScheme.LIGHT, 1400).page();
        assertThat(page.request().post(page.url() + "api/v1/canary/start").ok()).isTrue();
        isLive(page);
        signal("-STOP", proxy);
        isOld(page);
        page.setViewportSize(400, 900);
        keep(page, "dashboard-lost-400");
        page.setViewportSize(1400, 900);
        keep(page, "dashboard-lost-1400");
        signal("-CONT", proxy);
        isLive(page);
        proxy.process().destroyForcibly().waitFor();
        isOld(page);
      }
      try (ProxyProcess again = proxy(port)) {
        isLive(page);
        assertThat(again.process().isAlive()).isTrue();
        goesBackBehindTheKill(page, began);
      }
    }
  }

  /** The rest of the page goes on: nothing else would tell that these figures are of the past. */
  @Test
  void aPanelThatCannotBeReadSaysSo() throws Exception {
    try (ProxyProcess proxy = proxy(0);
        Browser browser = Browser.start()) {
      Page page =
          browser
              .open("http://127.0.0.1:" + proxy.adminPort() + "/", ColorScheme.LIGHT, 1400)
              .page();
      assertThat(page.locator("#link")).containsText("live", PATIENTLY);
      assertThat(page.locator("#costs")).containsText("all together", PATIENTLY);
      assertThat(page.locator(".unread")).hasCount(0);
      String problem = "{\"detail\":\"the books cannot be read\"}";
      page.route(
          "**/api/v1/costs*",
          route -> route.fulfill(new Route.FulfillOptions().setStatus(503).setBody(problem)));
      Locator unread = page.locator("section[aria-labelledby=costs-title] .unread");
      assertThat(unread).containsText("not read since ", PATIENTLY);
      assertThat(unread).containsText("what follows is old (the books cannot be read)");
      keep(page, "dashboard-unread-1400");
      assertThat(page.locator(".unread")).hasCount(1);
      page.unroute("**/api/v1/costs*");
      assertThat(unread).hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(30_000));
      assertThat(page.locator("#lost")).isHidden();
    }
  }

  /** Green says that the rollout is judged, and goes on by itself. */
  @Test
  void theVerdictIsGreenOnlyWhileItGoesOn() throws Exception {
    try (ProxyProcess proxy = proxy(0);
        Browser browser = Browser.start()) {
      Page page =
          browser
              .open("http://127.0.0.1:" + proxy.adminPort() + "/", ColorScheme.LIGHT, 1400)
              .page();
      assertThat(verdict(page, "", "", "{verdict: 'healthy'}")).isEqualTo("Progressing good");
      assertThat(verdict(page, "stage: 1", "", "{verdict: 'healthy'}")).isEqualTo("Promoted good");
      assertThat(verdict(page, "durable: false", "", "{verdict: 'healthy'}"))
          .isEqualTo("State not written bad");
      assertThat(verdict(page, "", "leaderless: true", "{verdict: 'healthy'}"))
          .isEqualTo("No leader warn");
      assertThat(verdict(page, "", "leaderless: true", "{verdict: 'alert'}"))
          .isEqualTo("Over a limit bad");
      assertThat(verdict(page, "", "", "null")).isEqualTo("Not judged yet calm");
      assertThat(verdict(page, "stage: 1", "", "null")).isEqualTo("Not judged yet calm");
    }
  }

  private static Object verdict(Page page, String state, String model, String health) {
    return page.evaluate(
        """
        async () => {
          const {verdictOf} = await import('./js/verdict.js');
          const state = {mode: 'canary', phase: 'canary_10', stage: 0, stages: [1, 2], durable: true,
            reason: 'r', next: 'n', %s};
          const {word, tone} = verdictOf({state, staleSince: null, presentHealth: () => (%s), %s});
          return `${word} ${tone}`;
        }
        """
            .formatted(state, health, model));
  }

  private static void isLive(Page page) {
    assertThat(page.locator("#link")).containsText("live", PATIENTLY);
    assertThat(page.locator("#fact-phase")).containsText("canary_10", PATIENTLY);
    assertThat(page.locator("#lost")).isHidden();
    assertThat(page.locator("#verdict-word")).not().containsText("Not known");
    assertThat(page.locator("#flow")).containsText("● no errors", PATIENTLY);
    assertThat(page.locator("#gates")).not().containsText("not known", PATIENTLY);
    assertThat(page.locator("#actions button:enabled")).not().hasCount(0);
    String before = page.locator("#fact-since").textContent();
    assertThat(page.locator("#fact-since")).not().hasText(before);
  }

  private static void isOld(Page page) {
    assertThat(page.locator("#lost"))
        .hasText(LOST, new LocatorAssertions.HasTextOptions().setTimeout(SOON_MILLIS));
    assertThat(page.locator("#lost")).isVisible();
    assertThat(page.locator("#link")).hasText("no connection, trying again");
    assertThat(page.locator("#verdict")).hasAttribute("data-tone", "calm");
    assertThat(page.locator("#verdict-word")).containsText("○ Not known; last: ");
    assertThat(page.locator("#flow")).containsText("not known");
    assertThat(page.locator("#flow")).not().containsText("no errors");
    assertThat(page.locator("#flow-text")).containsText("is not known");
    assertThat(page.locator("#gates tr[data-state=ok]")).hasCount(0);
    assertThat(page.locator("#actions button:enabled, #faults button:enabled")).hasCount(0);
    assertThat(page).hasTitle(Pattern.compile("Not known.*"));
    Locator since = page.locator("#fact-since");
    String stands = since.textContent();
    page.waitForTimeout(1_500);
    assertThat(since.textContent()).isEqualTo(stands);
    assertThat(page.locator("#lost")).isVisible();
  }

  /** The charts have what was kept before the process was killed, and the link of it stays. */
  private static void goesBackBehindTheKill(Page page, Instant began) {
    JsonObject kept =
        new JsonObject(page.request().get(base(page) + "api/v1/history?from=" + began).text());
    assertThat(kept.getInteger("rows")).as("%s", kept).isPositive();
    assertThat(kept.getInteger("damaged")).isZero();
    page.locator("#range").selectOption("1h");
    assertThat(page).hasURL(Pattern.compile(".*#range=1h"));
    assertThat(page.locator("#range-words")).containsText("one point for each 7 s", PATIENTLY);
    looksCloser(page);
    page.locator("#range").selectOption("rollout");
    assertThat(page.locator("#range-words")).containsText("one point for each ", PATIENTLY);
    page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.locator("#range-copy button").click();
    assertThat(page.locator("#range-copy button")).hasText("Copied");
    String link = (String) page.evaluate("navigator.clipboard.readText()");
    assertThat(link).matches("http://127.0.0.1:\\d+/#from=[0-9T:.-]+Z&to=[0-9T:.-]+Z");
    page.navigate(link);
    assertThat(page.locator("#range")).hasValue("fixed");
    assertThat(page.locator("#range-words")).containsText("one point for each ", PATIENTLY);
    isReadOnce(page);
    page.navigate(link.replaceAll("#.*", "#from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z"));
    assertThat(page.locator("#range-words")).hasText("Nothing was kept of this time.");
    page.locator("#range").selectOption("10min");
    assertThat(page.locator("#range-words")).isEmpty();
  }

  /** A part of a chart is drawn over, and all charts show it; there is a way back. */
  private static void looksCloser(Page page) {
    Locator first = page.locator("#charts .u-over").first();
    first.scrollIntoViewIfNeeded();
    BoundingBox plot = first.boundingBox();
    double middle = plot.y + plot.height / 2;
    page.mouse().move(plot.x + plot.width / 4, middle);
    page.mouse().down();
    page.mouse().move(plot.x + plot.width / 2, middle);
    page.mouse().up();
    assertThat(page).hasURL(Pattern.compile(".*#from=20[^&]+Z&to=20[^&]+Z"));
    assertThat(page.locator("#range")).hasValue("fixed");
    page.goBack();
    assertThat(page).hasURL(Pattern.compile(".*#range=1h"));
  }

  /** The past does not change: its files are not read again, whatever happens now. */
  private static void isReadOnce(Page page) {
    AtomicInteger looks = new AtomicInteger();
    page.onRequest(request -> looks.addAndGet(request.url().contains("/api/v1/history") ? 1 : 0));
    page.waitForResponse(
        "**/api/v1/transitions", () -> page.request().post(base(page) + "api/v1/canary/pause"));
    page.waitForResponse("**/api/v1/about", () -> {});
    assertThat(looks).hasValue(0);
    page.route("**/api/v1/history*", Route::abort);
    page.locator("#range").selectOption("24h");
    assertThat(page.locator("#range-words")).containsText("could not be read", PATIENTLY);
    page.unroute("**/api/v1/history*");
    page.goBack();
    assertThat(page.locator("#range-words")).containsText("one point for each ", PATIENTLY);
  }

  private static String base(Page page) {
    return page.url().replaceAll("#.*", "");
  }

  private static void keep(Page page, String name) {
    assertThat(
            page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
        .isEqualTo(true);
    page.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + ".png")));
  }

  private static void signal(String signal, ProxyProcess proxy) throws Exception {
    int code =
        new ProcessBuilder("kill", signal, Long.toString(proxy.process().pid())).start().waitFor();
    assertThat(code).isZero();
  }
}
