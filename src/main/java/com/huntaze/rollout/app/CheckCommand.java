package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.config.ConfigPlace;
import com.huntaze.rollout.config.Flags;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.doctor.Finding;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check}: tells whether a configuration is valid, without starting anything. */
@Command(
    name = "check",
    description = "Checks a configuration and prints everything that is wrong with it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  rollout-proxy check --config conf/proxy.json",
      "",
      "Exit codes: 0 valid, 2 refused."
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigFile config;
  @Mixin private FlagOptions flags;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ConfigPlace place = config.place();
    Vertx vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(Launcher.withoutCache()));
    try {
      Flags given = flags.flags();
      Loaded loaded = ConfigLoader.load(vertx, place, System.getenv(), given).await();
      TlsCheck.of(vertx, loaded).await();
      PrintWriter out = spec.commandLine().getOut();
      out.println(place.name() + ": valid");
      for (Finding misfit : DoctorChecks.machine(loaded.settings(), null).misfits()) {
        out.printf("note: %s: %s (%s)%n", misfit.name(), misfit.seen(), misfit.remedy());
      }
      StateDir.misfit(loaded.settings().state())
          .ifPresent(misfit -> out.println("note: " + misfit));
      return Main.OK;
    } catch (ConfigException refused) {
      spec.commandLine().getErr().println(refused.getMessage());
      return Main.USAGE;
    } finally {
      vertx.close().await();
    }
  }
}
