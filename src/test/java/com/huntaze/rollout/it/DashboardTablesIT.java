package com.huntaze.rollout.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard of a member of a cluster, after the traffic of fifty models with long names. */
@Tag("heavy")
class DashboardTablesIT {
  private static final int MODELS = 50;
  private static final int USERS = 90;
  private static final String MODEL =
      "deployment-%02d-of-meta-llama-3.3-70b-instruct-turbo-production-westeurope";
  private static final String ANSWER =
      "{\"model\":\"%s\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hi\"}}],"
          + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
      new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

  @TempDir private static Path folder;
  private static Browser browser;
  private static RawOrigin origin;
  private static RunningProxy proxy;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    origin = new RawOrigin(DashboardTablesIT::echo);
    JsonObject settings =
        RunningProxy.canary(origin.url(), origin.url(), 50)
            .mergeIn(Fleet.alone(folder), true)
            .put("alerts", new JsonObject().put("environment", "production"));
    proxy = RunningProxy.start(settings);
    proxy.admin("POST", "/api/v1/canary/start", null);
    for (int i = 0; i < MODELS; i++) {
      ask(i, "once-" + i);
    }
    // Enough users at both sides for a part of the traffic to be compared.
    for (int i = 0; i < 4 * USERS; i++) {
      ask(i % 2, "user-" + i % USERS);
    }
  }

  /** Answers with the model that was asked for. */
  private static void echo(RawOrigin.Call call) throws java.io.IOException {
    String model = new JsonObject(call.body()).getString("model");
    String body = ANSWER.formatted(model);
    call.send(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(body.length(), body));
  }

  private static void ask(int model, String user) throws Exception {
    ask(proxy, model, user);
  }

  private static void ask(RunningProxy proxy, int model, String user) throws Exception {
    JsonObject body =
        new JsonObject()
            .put("model", MODEL.formatted(model))
            .put(
                "messages",
                List.of(new JsonObject().put("role", "user").put("content", "hi " + user)));
    assertThat(
            proxy
                .post(
                    "/v1/chat/completions",
                    body.encode(),
                    "Content-Type",
                    "application/json",
                    "X-User-ID",
                    user)
                .statusCode())
        .isEqualTo(200);
  }

  @AfterAll
  static void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    if (origin != null) {
      origin.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private static Browser.Tab open(ColorScheme scheme, int width) {
    return open(proxy, scheme, width);
  }

  private static Browser.Tab open(RunningProxy proxy, ColorScheme scheme, int width) {
    Browser.Tab tab = browser.open("http://127.0.0.1:" + proxy.adminPort() + "/", scheme, width);
    assertThat(tab.page().locator("#link")).containsText("live", PATIENTLY);
    assertThat(tab.page().locator("#costs")).containsText("all together", PATIENTLY);
    return tab;
  }

  @Test
  void fiftyModelsAreTenAndARowWithTheSumOfTheOthers() {
    try (Browser.Tab tab = open(ColorScheme.LIGHT, 1400)) {
      Page page = tab.page();
      Locator rows = page.locator("#costs tr");
      assertThat(rows).hasCount(12);
      assertThat(rows.nth(10)).containsText("40 more");
      // Two have many requests, all others one each.
      assertThat(rows.nth(10).locator("td").nth(1)).hasText("40");
      assertThat(rows.nth(10).locator("td").nth(2)).hasText("280");
      assertThat(rows.nth(11).locator("td").nth(1)).hasText("410");
      page.locator("#costs-filter").fill("DEPLOYMENT-4");
      assertThat(rows).hasCount(11);
      page.locator("#costs-filter").fill("deployment-49");
      assertThat(rows).hasCount(2);
      assertThat(rows.first()).containsText(MODEL.formatted(49));
      page.locator("#costs-filter").fill("no such model");
      assertThat(page.locator("#costs")).containsText("None of 50 matches.");
      page.locator("#costs-filter").fill("");
      page.locator("#costs-all").click();
      assertThat(page.locator("#costs-all")).hasText("Show 10");
      assertThat(rows).hasCount(51);
      page.locator("#costs-by").selectOption("provider");
      assertThat(page.locator("#costs-all")).isHidden();
      assertThat(page.locator("#costs-filter")).isHidden();
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"LIGHT, 1400", "DARK, 1400", "LIGHT, 400", "DARK, 400"})
  void nothingOverflowsAndThePageStaysShort(ColorScheme scheme, int width) {
    try (Browser.Tab tab = open(scheme, width)) {
      Page page = tab.page();
      assertThat(page.locator("#segments")).containsText("model", PATIENTLY);
      assertThat(
              page.evaluate(
                  "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
          .isEqualTo(true);
      Object outside =
          page.evaluate(
              """
              () => [...document.querySelectorAll('main *, header *')]
                .filter((each) => !each.closest('.scroll, .plot, svg') && each.getClientRects().length > 0)
                .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
                .map((each) => each.id || each.className || each.tagName)
              """);
      assertThat((List<?>) outside).isEmpty();
      Number height = (Number) page.evaluate("document.documentElement.scrollHeight");
      assertThat(height.intValue()).isLessThan(width == 400 ? 8_000 : 5_000);
      tab.screenshot(
          "dashboard-models-%s-%d"
              .formatted(scheme.name().toLowerCase(java.util.Locale.ROOT), width),
          true);
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  void saysWhereItLooksAndWhoIsThere() throws Exception {
    JsonObject about = new JsonObject(proxy.admin("GET", "/api/v1/about", null).body());
    try (Browser.Tab tab = open(ColorScheme.LIGHT, 1400)) {
      Page page = tab.page();
      assertThat(page.locator("#environment")).hasText("production");
      assertThat(page.locator("#replica"))
          .hasText("replica " + about.getString("replica") + ", leads");
      assertThat(page.locator("#version")).hasText(about.getString("version"));
      assertThat(page.locator("#cluster")).isVisible();
      assertThat(page.locator("#cluster-words")).containsText("1 of 1 members are heard");
      assertThat(page.locator("#members tr")).hasCount(1);
      assertThat(page.locator("#members")).containsText(about.getString("replica") + " (this one)");
      assertThat(page.locator("#members")).containsText("◉ leads");
    }
  }

  @Test
  void findsARequestAndOpensIt() throws Exception {
    try (RunningProxy searched =
        RunningProxy.start(RunningProxy.canary(origin.url(), origin.url(), 50))) {
      String body = new JsonObject().put("model", "needle").put("messages", List.of()).encode();
      searched.post(
          "/v1/chat/completions",
          body,
          "Content-Type",
          "application/json",
          "X-Correlation-ID",
          "the-one-in-the-hay");
      for (int i = 0; i < 101; i++) {
        ask(searched, 2, "hay-" + i);
      }
      try (Browser.Tab tab = open(searched, ColorScheme.LIGHT, 1400)) {
        Page page = tab.page();
        assertThat(page.locator("#requests")).containsText("deployment-02", PATIENTLY);
        assertThat(page.locator("#requests")).not().containsText("the-one-in-the-hay");
        page.locator("#requests-id").fill("the-one-in");
        page.keyboard().press("Enter");
        Locator rows = page.locator("#requests tr");
        assertThat(rows).hasCount(1);
        assertThat(rows).containsText("the-one-in-the-hay", PATIENTLY);
        rows.getByRole(com.microsoft.playwright.options.AriaRole.BUTTON).click();
        Locator facts = page.locator("#request-facts");
        assertThat(facts).containsText("the-one-in-the-hay");
        assertThat(facts).containsText("Outcome of the last attempt");
        assertThat(facts).containsText("Charge 1");
        tab.screenshot("dashboard-request", false);
        page.locator("#request-close").click();
        page.locator("#requests-id").fill("");
        page.locator("#requests-model").fill("NEEDLE");
        // Until then the page may show all of them, for without an id none is left out.
        page.waitForResponse("**/requests?*NEEDLE*", () -> page.keyboard().press("Enter"));
        assertThat(rows).hasCount(1);
        assertThat(page.locator("#requests")).containsText("the-one-in-the-hay", PATIENTLY);
        page.locator("#requests-status").fill("5xx");
        page.keyboard().press("Enter");
        assertThat(page.locator("#requests")).containsText("None of the requests", PATIENTLY);
        page.locator("#requests-status").fill("bad");
        page.keyboard().press("Enter");
        assertThat(page.locator("#requests-error"))
            .containsText("status: bad (expected: ", PATIENTLY);
      }
    }
  }

  private static void askTraced(RunningProxy proxy, String id, String traceparent)
      throws Exception {
    String body = new JsonObject().put("model", "any").put("messages", List.of()).encode();
    proxy.post(
        "/v1/chat/completions",
        body,
        "Content-Type",
        "application/json",
        "X-Correlation-ID",
        id,
        "traceparent",
        traceparent);
  }

  private static Locator opened(Page page, String id) {
    page.locator("#requests button[aria-label='Open " + id + "']").click();
    Locator facts = page.locator("#request-facts");
    assertThat(facts).containsText(id);
    return facts;
  }

  @Test
  void leadsFromARequestToItsTraceWhereThatIsShown() throws Exception {
    JsonObject links =
        new JsonObject().put("trace", "https://traces.example/a?of=1&id={trace_id}#{trace_id}");
    JsonObject settings =
        RunningProxy.canary(origin.url(), origin.url(), 50)
            .put("alerts", new JsonObject().put("links", links));
    try (RunningProxy linked = RunningProxy.start(settings)) {
      askTraced(linked, "is-traced", TRACEPARENT);
      askTraced(linked, "not-traced", "none");
      try (Browser.Tab tab = open(linked, ColorScheme.LIGHT, 1400)) {
        Page page = tab.page();
        assertThat(page.locator("#replica")).containsText("replica ", PATIENTLY);
        Locator link = opened(page, "is-traced").locator("a");
        assertThat(link).hasCount(1);
        assertThat(link).hasText("Open the trace");
        assertThat(link)
            .hasAttribute("href", "https://traces.example/a?of=1&id=" + TRACE + "#" + TRACE);
        assertThat(link).hasAttribute("rel", "noopener noreferrer");
        assertThat(link).hasAttribute("target", "_blank");
        page.locator("#request-close").click();
        assertThat(opened(page, "not-traced").locator("a")).hasCount(0);
        assertThat(tab.complaints()).isEmpty();
      }
    }
  }

  @Test
  void withoutAPlaceForTracesARequestShowsTheIdAlone() throws Exception {
    try (RunningProxy bare =
        RunningProxy.start(RunningProxy.canary(origin.url(), origin.url(), 50))) {
      askTraced(bare, "is-traced", TRACEPARENT);
      try (Browser.Tab tab = open(bare, ColorScheme.LIGHT, 1400)) {
        Page page = tab.page();
        assertThat(page.locator("#replica")).containsText("replica ", PATIENTLY);
        Locator facts = opened(page, "is-traced");
        assertThat(facts).containsText(TRACE);
        assertThat(facts.locator("a")).hasCount(0);
      }
    }
  }

  @Test
  void showsEachPartOfTheTrafficBesideLegacy() {
    try (Browser.Tab tab = open(ColorScheme.LIGHT, 1400)) {
      Page page = tab.page();
      Locator rows = page.locator("#segments tr");
      page.locator("#segments-by").selectOption("model");
      assertThat(page.locator("#segments"))
          .containsText("user, model deployment-00-of-meta", PATIENTLY);
      page.locator("#segments-by").selectOption("agent");
      assertThat(page.locator("#segments")).containsText("None of the ", PATIENTLY);
      page.locator("#segments-by").selectOption("all");
      assertThat(rows.first().locator("td")).hasCount(7);
      assertThat(rows.first().locator("td").nth(1)).containsText("OK");
    }
  }
}
