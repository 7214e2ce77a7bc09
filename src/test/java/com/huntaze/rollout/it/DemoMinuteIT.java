package com.huntaze.rollout.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The first minute of somebody who tries the program: the packaged {@code demo}, its dashboard, the
 * button that breaks Foundry, and the rollback with its sentence.
 */
@Tag("long")
class DemoMinuteIT {
  private static final double PATIENCE_MILLIS = 120_000;
  private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
      new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS);

  @Test
  void theDemoClimbsBreaksRollsBackAndStartsAgain() throws Exception {
    try (Browser browser = Browser.start();
        ProxyProcess demo =
            ProxyProcess.start(List.of(), Map.of(), "demo", "--port", "0", "--admin-port", "0");
        Browser.Tab tab = browser.open(dashboardOf(demo), ColorScheme.LIGHT, 1280)) {
      Page page = tab.page();
      climbs(page);
      button(page, "Break: errors").click();
      assertThat(page.locator("#demo-status")).containsText("Foundry are errors");
      assertThat(page.locator("#verdict-word")).containsText("Rolled back", PATIENTLY);
      assertThat(page.locator("#verdict-why"))
          .hasText(Pattern.compile("ROLLBACK canary foundry .*(error rate|circuit breaker).*"));
      assertThat(page.locator("#fact-set")).hasText("0 %");
      assertThat(page.locator("#demo-clients"))
          .hasText(Pattern.compile("Since Foundry was broken at .* legacy instead\\."));
      assertThat(page.locator("#decisions li").first()).containsText("ROLLBACK");
      assertThat(page.locator("#decisions li").first()).containsText("Evidence");
      // Answers that were under way have come by then, from legacy.
      assertThat(page.locator("#fact-since")).hasText(Pattern.compile("[4-9] s|\\d\\d s|.*min.*"));
      tab.screenshot("demo-rolled-back-light", true);
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      // The next second's figures are drawn in the new colours.
      assertThat(page.locator("#fact-since"))
          .not()
          .hasText(page.locator("#fact-since").textContent());
      tab.screenshot("demo-rolled-back-dark", true);
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));

      button(page, "Repair").click();
      assertThat(page.locator("#demo-status")).hasText("Foundry works.");
      button(page, "Start").click();
      page.locator("#ask-reason").fill("repaired");
      page.locator("#ask-go").click();
      assertThat(page.locator("#fact-phase")).containsText("canary_10", PATIENTLY);
      assertThat(page.locator("#decisions li").first()).containsText("repaired");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  /** The console names the page. */
  private static String dashboardOf(ProxyProcess demo) {
    String url = "http://127.0.0.1:" + demo.adminPort() + "/";
    assertThat(demo.output()).containsPattern("Dashboard +" + Pattern.quote(url) + " ");
    return url;
  }

  /**
   * Waits until half of the traffic is Foundry's. A machine that is so busy that even simulated
   * answers are slow has its canary rolled back, and rightly so: then it is started again.
   */
  private static void climbs(Page page) {
    Locator phase = page.locator("#fact-phase");
    // A browser waits for itself: what is bounded is how often it is begun anew.
    for (int starts = 1; ; starts++) {
      assertThat(phase)
          .hasText(
              Pattern.compile("canary_50|full|rollback"),
              new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
      if (!"rollback".equals(phase.textContent())) {
        return;
      }
      assertThat(starts).as(page.locator("#verdict-why").textContent()).isLessThan(20);
      button(page, "Start").click();
      page.locator("#ask-go").click();
      assertThat(phase).hasText(Pattern.compile("canary_.*"));
    }
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
