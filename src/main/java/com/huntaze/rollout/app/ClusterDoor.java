package com.huntaze.rollout.app;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.ByReferenceCodec;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.cluster.ClusterParts;
import com.huntaze.rollout.cluster.ClusterSettings;
import com.huntaze.rollout.cluster.ClusterVerticle;
import com.huntaze.rollout.config.EffectiveConfig;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.feedback.Feedback;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.fleet.SideEvidence;
import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.fleet.SlotClaims;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.proxy.Shared;
import com.huntaze.rollout.quota.SharedLimit;
import com.huntaze.rollout.quota.SharedLimits;
import com.huntaze.rollout.request.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The one way to the cluster: without it in the configuration nothing of it is loaded. */
final class ClusterDoor {
  private static final int SHOWN = 12;

  /** Longer than other replicas are waited for. */
  private static final long RATE_MILLIS = 3_000;

  private ClusterDoor() {}

  /**
   * The sampling of this process. With others beside it, its slots are by a clock that all roughly
   * have in common: the monotonic one, set by the wall clock of now, which may jump later.
   */
  static Sampling sampling(Vertx vertx, ClusterSettings cluster) {
    if (cluster == null) {
      return Sampling.begin(OptionalLong.empty());
    }
    ByReferenceCodec.register(
        vertx, SlotClaims.class, SlotAnswers.class, ExchangeBatch.class, SideEvidence.class);
    return Sampling.begin(OptionalLong.of(System.currentTimeMillis() - Monotonic.millis()));
  }

  /**
   * Joins the cluster, if there is one in the configuration. Where its members vote on who leads,
   * that is before the rollout begins, and so it ends after it: the last state is for them to hear.
   *
   * @param rollout begins the rollout
   */
  static Future<String> join(
      Verticles verticles,
      Supplier<ProcessRuntime> running,
      ProcessServices services,
      Supplier<Future<String>> rollout) {
    return services.agreed() == null
        ? rollout.get().compose(led -> join(verticles, running, services))
        : join(verticles, running, services).compose(joined -> rollout.get());
  }

  private static Future<String> join(
      Verticles verticles, Supplier<ProcessRuntime> running, ProcessServices services) {
    ClusterSettings cluster = running.get().settings().cluster();
    if (cluster == null) {
      return Future.succeededFuture("");
    }
    Supplier<String> hash = () -> hash(running.get().loaded());
    shareFeedback(services.bus(), services.books().feedback());
    return verticles
        .deploy(
            () ->
                new ClusterVerticle(
                    new ClusterParts(
                        services.bus(),
                        services.files(),
                        cluster,
                        services.replicaId(),
                        Version.text(),
                        services.registry(),
                        hash,
                        new Limits(running),
                        services.agreed())),
            1)
        .recover(BindFailure.at("cluster.port", cluster.bind(), cluster.port()));
  }

  /** An answer may be judged at any replica: the one that gave it remembers it. */
  private static void shareFeedback(Bus bus, Feedback feedback) {
    feedback.share(
        (body, keyId) ->
            bus.<JsonObject>ask(
                    FleetAddresses.RATE,
                    new JsonObject().put("key", keyId).put("body", body.toString()),
                    RATE_MILLIS)
                .map(told -> told.getBoolean("known")));
    bus.serve(
        FleetAddresses.RATE_HERE,
        asked -> {
          JsonObject rating = (JsonObject) asked;
          Buffer body = Buffer.buffer(rating.getString("body", ""));
          String keyId = rating.getString("key");
          boolean known =
              rating.getBoolean("asks", false)
                  ? feedback.knows(body, keyId)
                  : feedback.takeOfOthers(body, keyId);
          return Future.succeededFuture(new JsonObject().put("known", known));
        });
  }

  /** The limits of the configuration in force. */
  private record Limits(Supplier<ProcessRuntime> running) implements SharedLimits {
    @Override
    public List<SharedLimit> all() {
      Shared shared = running.get().shared();
      List<SharedLimit> all = new ArrayList<>();
      all.add(shared.failover().budget());
      all.addAll(shared.limits().shared());
      return all;
    }

    @Override
    public void replicas(int count) {
      running.get().shared().limits().replicas(count);
    }
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
