package com.huntaze.rollout.app;

import com.huntaze.rollout.cluster.ClusterParts;
import com.huntaze.rollout.cluster.ClusterSettings;
import com.huntaze.rollout.cluster.ClusterVerticle;
import com.huntaze.rollout.config.EffectiveConfig;
import com.huntaze.rollout.config.Loaded;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/** The one way to the cluster: without it in the configuration nothing of it is loaded. */
final class ClusterDoor {
  private static final int SHOWN = 12;

  private ClusterDoor() {}

  /** Joins the cluster, if there is one in the configuration. */
  static Future<String> join(
      Verticles verticles, Supplier<Loaded> loaded, ProcessServices services) {
    ClusterSettings cluster = loaded.get().settings().cluster();
    if (cluster == null) {
      return Future.succeededFuture("");
    }
    Supplier<String> hash = () -> hash(loaded.get());
    return verticles
        .deploy(
            () ->
                new ClusterVerticle(
                    new ClusterParts(
                        services.bus(),
                        cluster,
                        services.replicaId(),
                        Version.text(),
                        services.registry(),
                        hash)),
            1)
        .recover(
            failure ->
                Future.failedFuture(
                    BindFailure.describe("cluster.port", cluster.bind(), cluster.port(), failure)));
  }

  /** The hash of what all members have in common. */
  static String hash(Loaded loaded) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(EffectiveConfig.common(loaded).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, SHOWN);
    } catch (NoSuchAlgorithmException none) {
      throw new AssertionError(none);
    }
  }
}
