package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The chart of {@code deploy/helm}, rendered by Helm's own library, and the manifests that are made
 * of it. The expectations are in {@code .ci/kubernetes_meaning.py}, which {@code .ci/deploy} uses
 * too.
 */
@Tag("heavy")
class ChartIT {
  private static final String CHECKS = ".ci/deploy_kubernetes.py";

  /** Runs a step of the checks; its output tells each expectation that is not met. */
  private static void isGood(String step) throws Exception {
    String library =
        Arrays.stream(System.getProperty("java.class.path").split(":"))
            .filter(each -> each.matches(".*/linux-amd64-[0-9.]+\\.jar"))
            .findFirst()
            .orElseThrow();
    Path work = Path.of("target", "chart");
    Process process =
        new ProcessBuilder(List.of("/usr/bin/python3", CHECKS, step, ".", work.toString(), library))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains(" 0 wrong");
  }

  @Test
  void whatItRendersMeansWhatItShould() throws Exception {
    isGood("mean");
  }

  @Test
  void impossibleValuesAreRefusedInASentence() throws Exception {
    isGood("refuse");
  }

  @Test
  void theManifestsAreMadeOfIt() throws Exception {
    isGood("made");
  }
}
