package com.huntaze.rollout.upstream;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.List;

/**
 * The place of one of a provider's models, for answers that do not tell it.
 *
 * @param deployment the deployment's name, {@code null} = not known
 * @param region the region, {@code null} = not known
 */
public record DeploymentSettings(
    @Setting(
            value = "The deployment that answers; null is not known.",
            byDefault = "null",
            pattern = Forms.MODEL,
            expected = Forms.MODEL_WORDS)
        String deployment,
    @Setting(
            value = "The region in which it runs; null is not known.",
            byDefault = "null",
            pattern = Forms.MODEL,
            expected = Forms.REGION_WORDS)
        String region)
    implements Checked {

  @Override
  public List<Problem> check() {
    return deployment == null && region == null
        ? List.of(new Problem("", "{}", "a deployment, a region or both"))
        : List.of();
  }
}
