package com.huntaze.rollout.it;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The machine's own Chromium, driven by Playwright on the machine's own Node: nothing is
 * downloaded. Where one of them is missing a test is skipped with the reason, and fails when {@code
 * CI=true}.
 */
final class Browser implements AutoCloseable {
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final double PATIENCE_MILLIS = 30_000;

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;

  private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
    this.playwright = playwright;
    this.chromium = chromium;
  }

  /** Starts it, or skips the test with the reason. */
  static Browser start() {
    Optional<Path> node = find("node");
    Optional<Path> browser = find("chromium");
    if (node.isEmpty() || browser.isEmpty()) {
      String reason =
          "no %s on the PATH (apt-get install chromium fonts-dejavu-core nodejs)"
              .formatted(browser.isEmpty() ? "chromium" : "node");
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(reason + ", and CI=true allows no skip");
      }
      Assumptions.abort(reason);
    }
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.orElseThrow().toString())));
    return new Browser(
        playwright,
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(browser.orElseThrow())
                    .setArgs(ARGUMENTS)));
  }

  private static Optional<Path> find(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** One tab, of a context of its own, with all that it complains about. */
  static final class Tab implements AutoCloseable {
    private final Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Tab(BrowserContext context) {
      page = context.newPage();
      page.setDefaultTimeout(PATIENCE_MILLIS);
      page.onConsoleMessage(
          message -> {
            if (List.of("error", "warning").contains(message.type())) {
              complaints.add(message.text());
            }
          });
      page.onPageError(complaints::add);
      page.onRequest(
          request -> {
            if (!request.url().startsWith("http://127.0.0.1:")) {
              complaints.add("a request to " + request.url());
            }
          });
    }

    Page page() {
      return page;
    }

    /** Errors and warnings of the console, failed scripts, requests to strangers. */
    List<String> complaints() {
      return new ArrayList<>(complaints);
    }

    /** Keeps a picture in {@code target/screenshots}. */
    void screenshot(String name, boolean whole) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(SCREENSHOTS.resolve(name + ".png"))
              .setFullPage(whole));
    }

    @Override
    public void close() {
      page.context().close();
    }
  }

  /** Opens a page. */
  Tab open(String url, ColorScheme scheme, int width) {
    Tab tab =
        new Tab(
            chromium.newContext(
                new com.microsoft.playwright.Browser.NewContextOptions()
                    .setColorScheme(scheme)
                    .setViewportSize(width, 900)));
    tab.page.navigate(url);
    return tab;
  }

  @Override
  public void close() {
    chromium.close();
    playwright.close();
  }
}
