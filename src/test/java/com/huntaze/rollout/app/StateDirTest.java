package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.store.StateSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirTest {
  @TempDir private Path folder;

  @Test
  void aFileIsNoDirectory() throws IOException {
    Path file = Files.createFile(folder.resolve("state"));
    assertThat(StateDir.misfit(new StateSettings(file.toString())))
        .contains(
            "state.dir: %s is no directory (expected: a directory, or nothing)".formatted(file));
  }

  @Test
  void whatIsThereOrCanBeMadeIsOne() {
    assertThat(StateDir.misfit(new StateSettings(folder.toString()))).isEmpty();
    assertThat(StateDir.misfit(new StateSettings(folder.resolve("new").toString()))).isEmpty();
    assertThat(StateDir.misfit(new StateSettings(""))).isEmpty();
  }
}
