package com.huntaze.rollout.it;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes of the jar by the manifests of {@code deploy/kubernetes}, which share a volume.
 */
@Tag("long")
class KubernetesIT {
  @TempDir Path folder;

  @Test
  void isOneRolloutThroughRenewedCertificatesAndARollingRestart() throws Exception {
    try (PodSet pods = new PodSet(folder, "kubernetes")) {
      pods.start();
      pods.pod(2).order(PodSet.TOKEN, "start");
      pods.areAt("canary_10");
      pods.beginTraffic();
      pods.renewCertificates();
      pods.restart();
      pods.endTraffic();
      pods.areAt("canary_10");
      pods.agree();
    }
  }
}
