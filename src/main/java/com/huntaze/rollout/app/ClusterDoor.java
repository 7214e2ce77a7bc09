package com.huntaze.rollout.app;

import com.huntaze.rollout.bus.ByReferenceCodec;
import com.huntaze.rollout.cluster.ClusterParts;
import com.huntaze.rollout.cluster.ClusterSettings;
import com.huntaze.rollout.cluster.ClusterVerticle;
import com.huntaze.rollout.config.EffectiveConfig;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.fleet.SlotClaims;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.request.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The one way to the cluster: without it in the configuration nothing of it is loaded. */
final class ClusterDoor {
  private static final int SHOWN = 12;

  private ClusterDoor() {}

  /**
   * The sampling of this process. With others beside it, its slots are by a clock that all roughly
   * have in common: the monotonic one, set by the wall clock of now, which may jump later.
   */
  static Sampling sampling(Vertx vertx, ClusterSettings cluster) {
    if (cluster == null) {
      return Sampling.begin(OptionalLong.empty());
    }
    ByReferenceCodec.register(vertx, SlotClaims.class, SlotAnswers.class);
    return Sampling.begin(OptionalLong.of(System.currentTimeMillis() - Monotonic.millis()));
  }

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
