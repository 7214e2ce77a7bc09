package com.huntaze.rollout.cluster;

import com.huntaze.rollout.tls.CertificateWatch;
import com.huntaze.rollout.tls.MutualTls;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import org.jgroups.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's verticle: joins the others, and stands between their channel and this process. The
 * only class that knows both; without a cluster in the configuration neither is loaded.
 */
public final class ClusterVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ClusterVerticle.class);
  private static final long TICK_MILLIS = 250;

  private static final long LOOK_MILLIS = 50;
  private static final long RETRY_MILLIS = 500;
  private static final int MOST_TRIES = 20;

  private final ClusterParts parts;
  private MutualTls tls;
  private CertificateWatch certificates;
  private VotingStack voting;
  private ClusterChannel channel;
  private Membership<Address> membership;

  public ClusterVerticle(ClusterParts parts) {
    this.parts = parts;
  }

  @Override
  public Future<?> start() {
    ClusterSettings settings = parts.settings();
    membership = new Membership<>(vertx, parts, (to, frame) -> channel.send(to, frame));
    return vertx
        .executeBlocking(this::open, false)
        .compose(
            opened -> {
              channel = opened;
              membership.listen();
              vertx.setPeriodic(TICK_MILLIS, tick -> membership.tick());
              vertx.setPeriodic(LOOK_MILLIS, look -> membership.look());
              return join(MOST_TRIES);
            })
        .onFailure(failure -> stop())
        .onSuccess(joined -> watchCertificates())
        .onSuccess(
            joined ->
                log.info(
                    "Replica {} is a member of cluster {} on {}:{}",
                    parts.replicaId(),
                    settings.name(),
                    settings.bind(),
                    settings.port()));
  }

  /** A voter that was killed a moment ago is taken for one of the same name until it is missed. */
  private Future<Void> join(int tries) {
    return vertx
        .executeBlocking(() -> channel.connect(parts.settings().name()), false)
        .compose(
            joined -> {
              if (joined) {
                return Future.succeededFuture();
              }
              return tries == 1
                  ? Future.failedFuture(
                      "cluster.member: another voter %s is there (expected: a name for each)"
                          .formatted(parts.settings().member()))
                  : vertx.timer(RETRY_MILLIS).compose(again -> join(tries - 1));
            });
  }

  private ClusterChannel open() throws Exception {
    ClusterSettings settings = parts.settings();
    if (settings.tls() != null) {
      tls = new MutualTls(vertx, settings.tls(), settings.name());
    }
    if (parts.agreed() != null) {
      voting = new VotingStack(settings, parts.agreed(), parts.replicaId());
    }
    return new ClusterChannel(
        settings,
        tls,
        parts.replicaId(),
        new ClusterChannel.Listeners(
            (from, frame) -> context.runOnContext(turn -> membership.received(from, frame)),
            members -> context.runOnContext(turn -> members(members))),
        voting);
  }

  private void members(List<Address> all) {
    Address own = channel.own();
    membership.members(all.stream().filter(each -> !each.equals(own)).toList());
  }

  private void watchCertificates() {
    if (tls == null) {
      return;
    }
    certificates =
        new CertificateWatch(
            vertx,
            parts.bus(),
            "the cluster",
            true,
            parts.settings()::tls,
            files ->
                vertx.executeBlocking(
                    () -> {
                      tls.renew(vertx, files);
                      return null;
                    },
                    false));
  }

  @Override
  public Future<?> stop() {
    if (certificates != null) {
      certificates.end();
    }
    ClusterChannel closing = channel;
    if (closing != null) {
      membership.leave();
    }
    return closing == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              closing.close();
              if (voting != null) {
                voting.close();
              }
              return null;
            },
            false);
  }
}
