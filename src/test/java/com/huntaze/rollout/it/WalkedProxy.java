package com.huntaze.rollout.it;

import com.huntaze.rollout.FreePorts;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * The packaged jar by its production defaults: of its configuration only addresses, ports and what
 * a scene says are its own. It may be started again.
 */
final class WalkedProxy implements AutoCloseable {
  private final Path file;
  private final JsonObject settings;
  private final Map<String, String> environment;
  private final int adminPort;
  private ProxyProcess process;

  private WalkedProxy(
      Path file, JsonObject settings, Map<String, String> environment, int adminPort) {
    this.file = file;
    this.settings = settings;
    this.environment = environment;
    this.adminPort = adminPort;
  }

  /**
   * Starts it.
   *
   * @param folder its configuration's and, unless the changes say otherwise, its state's
   * @param dashboard the link of its pages; null = its own admin port
   */
  static WalkedProxy start(
      Path folder,
      Map<String, String> environment,
      Pager pager,
      String dashboard,
      JsonObject changes)
      throws Exception {
    Files.createDirectories(folder);
    int adminPort = FreePorts.next();
    String link = dashboard == null ? "http://127.0.0.1:" + adminPort : dashboard;
    JsonObject settings =
        new JsonObject()
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", FreePorts.next()))
            .put("admin", new JsonObject().put("port", adminPort))
            .put("state", new JsonObject().put("dir", folder.resolve("state").toString()))
            .put("alerts", pager.alerts(link))
            .put("providers", patient())
            .mergeIn(changes, true);
    WalkedProxy proxy =
        new WalkedProxy(folder.resolve("proxy.json"), settings, environment, adminPort);
    proxy.write(settings);
    proxy.start();
    return proxy;
  }

  /** On a machine that is busy with other tests nobody is down for being late. */
  private static JsonObject patient() {
    JsonObject probe = new JsonObject().put("probe", new JsonObject().put("timeout", "30s"));
    return new JsonObject().put("foundry", probe).put("legacy", probe.copy());
  }

  void start() throws Exception {
    process =
        ProxyProcess.start(List.of("-Xmx128m"), environment, "run", "--config", file.toString());
  }

  /** Has another configuration beside the one that runs, as somebody does who edits it. */
  void write(JsonObject changed) throws Exception {
    Path next = Files.writeString(file.resolveSibling("next"), changed.encodePrettily());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A copy of the configuration that it was started with. */
  JsonObject settings() {
    return settings.copy();
  }

  String dashboard() {
    return "http://127.0.0.1:" + adminPort;
  }

  RolloutProcess rollout() {
    return RolloutProcess.of(process);
  }

  ProxyProcess process() {
    return process;
  }

  /** A command of the jar towards it, as the runbook has it. */
  ProxyProcess.Ended command(String... words) throws Exception {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--admin";
    all[words.length + 1] = dashboard();
    return ProxyProcess.run(environment, all);
  }

  /** SIGTERM. */
  void terminate() throws Exception {
    process.process().destroy();
    process.process().waitFor();
  }

  @Override
  public void close() {
    process.close();
  }
}
