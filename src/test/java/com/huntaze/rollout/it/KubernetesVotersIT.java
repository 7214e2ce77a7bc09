package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes of the jar by the manifests of {@code deploy/kubernetes-raft}, which vote. */
@Tag("long")
class KubernetesVotersIT {
  @TempDir Path folder;

  @Test
  void votersAreOneRolloutThroughARollingRestartAndTheLossOfADisk() throws Exception {
    try (PodSet pods = new PodSet(folder, "kubernetes-raft")) {
      pods.start();
      assertThat(pods.data(0)).isNotEqualTo(pods.data(1));
      pods.pod(2).order(PodSet.TOKEN, "start");
      pods.areAt("canary_10");
      pods.beginTraffic();
      pods.renewCertificates();
      pods.restart();
      pods.endTraffic();
      pods.areAt("canary_10");
      pods.lose(1, false);
      pods.areAt("canary_10");
      pods.lose(2, true);
      pods.areAt("canary_10");
      Path log = pods.data(2).resolve("raft");
      Waits.until(() -> Files.isDirectory(log));
      pods.pod(2).order(PodSet.TOKEN, "rollback");
      pods.areAt("rollback");
      pods.agree();
    }
  }
}
