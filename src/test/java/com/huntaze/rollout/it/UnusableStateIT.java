package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.stages;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged jar over a state directory that cannot be used: it starts, sends everything to
 * legacy, says so, and goes on by itself when the directory can be used.
 */
@Tag("long")
class UnusableStateIT {
  @TempDir private Path temporary;

  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
    ReadOnlyMount.remove(dir());
  }

  private Path dir() {
    return temporary.resolve("state");
  }

  private RolloutProcess proxy(JsonObject changes, Map<String, String> environment)
      throws Exception {
    return RolloutProcess.start(environment, foundry.url(), legacy.url(), dir(), changes);
  }

  /** Faults of the directory, and the remedy of each. */
  enum Obstacle {
    A_FILE_IN_ITS_PLACE {
      @Override
      void put(Path dir) throws IOException {
        Files.createFile(dir);
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir);
      }
    },
    A_FIFO_IN_ITS_PLACE {
      @Override
      void put(Path dir) throws IOException {
        fifo(dir);
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir);
      }
    },
    A_LINK_TO_ITSELF {
      @Override
      void put(Path dir) throws IOException {
        Files.createSymbolicLink(dir, dir);
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir);
      }
    },
    A_DIRECTORY_THAT_TAKES_NO_FILE {
      @Override
      void put(Path dir) throws IOException {
        // Nobody may make anything in it, not even root.
        Files.createSymbolicLink(dir, Path.of("/proc/self/fdinfo"));
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir);
      }
    },
    A_READ_ONLY_MOUNT {
      @Override
      void put(Path dir) throws IOException {
        Files.createDirectory(dir);
        ReadOnlyMount.at(dir);
      }

      @Override
      void mend(Path dir) throws IOException {
        ReadOnlyMount.makeWritable(dir);
      }
    },
    A_FIFO_FOR_THE_LOCK {
      @Override
      void put(Path dir) throws IOException {
        fifo(Files.createDirectory(dir).resolve("state.lock"));
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir.resolve("state.lock"));
      }
    },
    A_DIRECTORY_FOR_THE_LOCK {
      @Override
      void put(Path dir) throws IOException {
        Files.createDirectories(dir.resolve("state.lock"));
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir.resolve("state.lock"));
      }
    },
    A_DIRECTORY_FOR_THE_STATE {
      @Override
      void put(Path dir) throws IOException {
        Files.createDirectories(dir.resolve("state.json"));
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir.resolve("state.json"));
      }
    },
    A_FIFO_FOR_THE_STATE {
      @Override
      void put(Path dir) throws IOException {
        fifo(Files.createDirectory(dir).resolve("state.json"));
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir.resolve("state.json"));
      }
    },
    A_DEVICE_FOR_THE_STATE {
      @Override
      void put(Path dir) throws IOException {
        Path state = Files.createDirectory(dir).resolve("state.json");
        Files.createSymbolicLink(state, Path.of("/dev/zero"));
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir.resolve("state.json"));
      }
    },
    A_LOOP_FOR_THE_STATE {
      @Override
      void put(Path dir) throws IOException {
        Path state = Files.createDirectory(dir).resolve("state.json");
        Files.createSymbolicLink(state, state);
      }

      @Override
      void mend(Path dir) throws IOException {
        Files.delete(dir.resolve("state.json"));
      }
    };

    abstract void put(Path dir) throws IOException;

    abstract void mend(Path dir) throws IOException;
  }

  private static void fifo(Path path) throws IOException {
    try {
      assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  @ParameterizedTest
  @EnumSource
  void startsSendsEverythingToLegacyAndHeals(Obstacle obstacle) throws Exception {
    obstacle.put(dir());
    Map<String, String> asked = Map.of("AI_CANARY_PERCENTAGE", "100");
    try (RolloutProcess proxy = proxy(stages("1h"), asked)) {
      for (int i = 0; i < 20; i++) {
        assertThat(proxy.post().headers().firstValue("X-AI-Provider")).contains("legacy");
      }
      assertThat(proxy.state().getInteger("percentage")).isZero();
      proxy.awaitOutput("everything goes to legacy until it can, which is tried every second");
      assertThat(proxy.command("start").body()).contains("state directory cannot be used");
      obstacle.mend(dir());
      proxy.waitUntil(percentage(100));
      proxy.awaitOutput("The rollout's state directory can be used again.");
      assertThat(proxy.done("rollback").getString("phase")).isEqualTo("rollback");
      proxy.kill();
    }
    try (RolloutProcess again = proxy(stages("1h"), asked)) {
      assertThat(again.state().getString("phase")).isEqualTo("rollback");
    }
  }

  @Test
  void aRollbackThatWasAskedForMeanwhileHoldsForWhatIsFound() throws Exception {
    try (RolloutProcess proxy = proxy(stages("1h"), Map.of())) {
      proxy.done("start");
      proxy.kill();
    }
    Path aside = temporary.resolve("aside");
    Files.move(dir(), aside);
    Files.createFile(dir());
    try (RolloutProcess proxy = proxy(stages("1h"), Map.of());
        SteadyLoad load = new SteadyLoad(proxy.process().port(), 8, Duration.ofMillis(5))) {
      proxy.command("rollback");
      Files.delete(dir());
      Files.move(aside, dir());
      proxy.awaitOutput("ROLLBACK canary foundry 10 % -> 0 %");
      proxy.waitUntil(state -> state.getString("phase").equals("rollback"));
      int then = load.of("200 legacy");
      Waits.until(() -> load.of("200 legacy") > then + 100);
      assertThat(load.of("200 foundry")).isZero();
    }
  }

  @Test
  void aStateFileOfATerabyteIsDamaged() throws Exception {
    Path file = Files.createDirectory(dir()).resolve("state.json");
    try (var huge = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(1L << 40);
    }
    try (RolloutProcess proxy = proxy(stages("1h"), Map.of("AI_CANARY_PERCENTAGE", "100"))) {
      assertThat(proxy.post().headers().firstValue("X-AI-Provider")).contains("legacy");
      proxy.awaitOutput("Rollout state cannot be read");
      assertThat(proxy.state().getInteger("percentage")).isZero();
    }
  }

  @Test
  void nothingBeginsByItselfInADirectoryThatWasNotMarked() throws Exception {
    JsonObject auto = stages("1h");
    auto.getJsonObject("canary").put("autoStart", true);
    try (RolloutProcess proxy = proxy(auto, Map.of())) {
      assertThat(proxy.state().getInteger("percentage")).isZero();
      assertThat(proxy.state().getString("reason")).contains("`state init`");
      proxy.kill();
    }
    ProxyProcess.Ended fresh = init();
    assertThat(fresh.code()).as(fresh.output()).isEqualTo(1);
    assertThat(fresh.output()).contains("a rollout's state is there");
    Files.move(dir(), temporary.resolve("lost"));
    assertThat(init().output()).contains("marked as new");
    try (RolloutProcess proxy = proxy(auto, Map.of())) {
      assertThat(proxy.waitUntil(percentage(10)).getString("phase")).isEqualTo("canary_10");
      proxy.done("rollback");
      proxy.kill();
    }
    Files.move(dir(), temporary.resolve("lost again"));
    try (RolloutProcess proxy = proxy(auto, Map.of())) {
      assertThat(proxy.state().getInteger("percentage")).as("a lost rollback").isZero();
    }
  }

  private ProxyProcess.Ended init() throws Exception {
    return ProxyProcess.run(Map.of(), "state", "init", "--dir", dir().toString());
  }
}
