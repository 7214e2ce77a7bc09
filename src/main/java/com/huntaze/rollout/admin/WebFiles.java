package com.huntaze.rollout.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The dashboard's files by their paths: a closed list, read once, so that no path of a request ever
 * reaches a file system.
 *
 * @param byPath what needs no token
 * @param openApi the description of the API, which is guarded as the API is
 */
record WebFiles(Map<String, WebFile> byPath, WebFile openApi) {
  private static final List<String> OWN =
      List.of(
          "dashboard.css",
          "favicon.svg",
          "js/main.js",
          "js/actions.js",
          "js/api.js",
          "js/charts.js",
          "js/copy.js",
          "js/dom.js",
          "js/flow.js",
          "js/folded.js",
          "js/format.js",
          "js/history.js",
          "js/ladder.js",
          "js/lists.js",
          "js/model.js",
          "js/parts.js",
          "js/past.js",
          "js/replicas.js",
          "js/roles.js",
          "js/requests.js",
          "js/simulate.js",
          "js/stream.js",
          "js/tables.js",
          "js/theme.js",
          "js/unread.js",
          "js/verdict.js",
          "js/whose.js");

  /** Keeps a copy of the map. */
  WebFiles {
    byPath = Map.copyOf(byPath);
  }

  /** Reads all of them. Blocks. Throws {@link UncheckedIOException} if one is missing. */
  static WebFiles read() {
    try {
      Map<String, WebFile> files = new LinkedHashMap<>();
      files.put("/", WebFile.read("/rollout/web/index.html"));
      for (String name : OWN) {
        files.put("/" + name, WebFile.read("/rollout/web/" + name));
      }
      String uplot = "/META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
      files.put("/uplot.js", WebFile.read(uplot + "uPlot.esm.js"));
      files.put("/uplot.css", WebFile.read(uplot + "uPlot.min.css"));
      return new WebFiles(files, WebFile.read("/rollout/openapi.json"));
    } catch (IOException incomplete) {
      throw new UncheckedIOException(incomplete);
    }
  }

  /** A webjar's path has its version in it. */
  private static String uplotVersion() throws IOException {
    try (InputStream in = WebFiles.class.getResourceAsStream("/rollout/version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("uplot");
    }
  }
}
