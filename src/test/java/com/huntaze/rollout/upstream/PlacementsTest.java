package com.huntaze.rollout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The place where a request is answered, as path and configuration tell it. */
class PlacementsTest {
  private static final Placement UNKNOWN = new Placement(null, null);

  private final Placements placements =
      new Placements(
          Map.of(
              "gpt-4o", new DeploymentSettings("gpt-4o-prod", "swedencentral"),
              "own", new DeploymentSettings(null, "westeurope"),
              "mini", new DeploymentSettings("gpt-4o-mini", null)));

  private static String azure(String deployment) {
    return "/openai/deployments/" + deployment + "/chat/completions";
  }

  private Placement of(String path, String... models) {
    return placements.of(path, path, models);
  }

  @Test
  void takesTheDeploymentOfThePath() {
    assertThat(of(azure("d-1"))).isEqualTo(new Placement("d-1", null));
    assertThat(of("/base" + azure("d%2D1"))).isEqualTo(new Placement("d-1", null));
    assertThat(of("/openai/deployments/d/anything")).isEqualTo(new Placement("d", null));
    assertThat(of("/gateway/deployments/d/chat/completions")).isEqualTo(new Placement("d", null));
  }

  @Test
  void takesNoOtherPathForOne() {
    assertThat(of("/deployments/7/logs")).isEqualTo(UNKNOWN);
    assertThat(of("/openai/deployments/d")).isEqualTo(UNKNOWN);
    assertThat(of("/openai/deployments//chat/completions")).isEqualTo(UNKNOWN);
    assertThat(of("/v1/chat/completions")).isEqualTo(UNKNOWN);
  }

  @Test
  void believesNoNameThatCannotStandInAHeader() {
    assertThat(of(azure("a%0d%0aX-AI-Region:%20b"))).isEqualTo(UNKNOWN);
    assertThat(of(azure("%e4%b8%ad"))).isEqualTo(UNKNOWN);
    assertThat(of(azure("x".repeat(129)))).isEqualTo(UNKNOWN);
    assertThat(of(azure("%zz"))).isEqualTo(new Placement("%zz", null));
  }

  @Test
  void asksTheConfigurationForWhatThePathDoesNotTell() {
    assertThat(of("/v1/chat/completions", "gpt-4o"))
        .isEqualTo(new Placement("gpt-4o-prod", "swedencentral"));
    assertThat(of("/v1/chat/completions", "mini")).isEqualTo(new Placement("gpt-4o-mini", null));
    assertThat(of(azure("own"), "gpt-4o")).isEqualTo(new Placement("own", "westeurope"));
    assertThat(of(azure("else"), "gpt-4o")).isEqualTo(new Placement("else", "swedencentral"));
    assertThat(of("/v1/chat/completions", "unknown")).isEqualTo(UNKNOWN);
  }

  @Test
  void prefersTheNamesThatAreSent() {
    assertThat(of("/v1/chat/completions", "mini", "gpt-4o"))
        .isEqualTo(new Placement("gpt-4o-mini", null));
    assertThat(of("/v1/chat/completions", null, "gpt-4o"))
        .isEqualTo(new Placement("gpt-4o-prod", "swedencentral"));
    assertThat(placements.of(azure("sent"), azure("own")))
        .isEqualTo(new Placement("sent", "westeurope"));
  }
}
