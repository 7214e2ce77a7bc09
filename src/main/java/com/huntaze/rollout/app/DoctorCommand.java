package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.config.ConfigPlace;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.doctor.Check;
import com.huntaze.rollout.doctor.Examination;
import com.huntaze.rollout.doctor.Level;
import com.huntaze.rollout.doctor.Report;
import com.huntaze.rollout.settings.DurationText;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at all that a proxy needs, from this machine, before or while it runs. */
@Command(
    name = "doctor",
    description = "Looks at all that the proxy needs, and tells what to do about what is missing.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  rollout-proxy doctor --config conf/proxy.json --timeout 30s",
      "",
      "Looks at: configuration, ports, providers (name, connection, TLS, probe, clock), keys,",
      "prices, state directory, open files, transport, Java. It sends one GET to each provider's",
      "probe path, and writes and deletes one small file in the state directory.",
      "",
      "Exit codes: 0 nothing is wrong (warnings allowed), 1 something is, 2 wrong usage, or a",
      "configuration that is refused."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final String ERASE = "\r\u001b[K";

  @Mixin private ConfigFile config;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "For all checks together. Default: ${DEFAULT-VALUE}.")
  private String timeout;

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  @Mixin private FlagOptions flags;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Duration patience =
        DurationText.parse(timeout)
            .filter(time -> !time.isZero())
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--timeout: %s (expected: such as 10s)".formatted(timeout)));
    ConfigPlace place = config.place();
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      Loaded loaded =
          ConfigLoader.load(vertx, place, System.getenv(), flags.flags())
              .compose(read -> TlsCheck.of(vertx, read))
              .await();
      return examine(DoctorChecks.of(place.name(), loaded, vertx), patience);
    } catch (ConfigException refused) {
      spec.commandLine().getErr().println(refused.getMessage());
      return Main.USAGE;
    } finally {
      vertx.close().await();
    }
  }

  private int examine(List<Check> checks, Duration patience) throws InterruptedException {
    boolean terminal = TerminalDetection.isInteractive() && !json;
    PrintWriter progress = spec.commandLine().getErr();
    Examination examination =
        new Examination(
            patience,
            name -> {
              if (terminal) {
                progress.print(ERASE + "looking at " + name + " …");
                progress.flush();
              }
            });
    Report report = new Report(examination.of(checks));
    if (terminal) {
      progress.print(ERASE);
      progress.flush();
    }
    spec.commandLine()
        .getOut()
        .println(
            json
                ? report.json().encodePrettily()
                : report.text(terminal && TerminalDetection.hasColours()));
    return report.count(Level.FAIL) == 0 ? Main.OK : Main.FAILED;
  }
}
