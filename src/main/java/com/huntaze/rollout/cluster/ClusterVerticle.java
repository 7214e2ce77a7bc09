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

  private final ClusterParts parts;
  private MutualTls tls;
  private CertificateWatch certificates;
  private ClusterJoin join;
  private Membership<Address> membership;

  public ClusterVerticle(ClusterParts parts) {
    this.parts = parts;
  }

  @Override
  public Future<?> start() {
    ClusterSettings settings = parts.settings();
    membership = new Membership<>(vertx, parts, (to, frame) -> join.channel().send(to, frame));
    join = new ClusterJoin(vertx, parts, this::open, () -> membership.members(List.of()));
    return join.first(
            opened -> {
              membership.listen(opened.place());
              vertx.setPeriodic(TICK_MILLIS, tick -> tick());
              vertx.setPeriodic(LOOK_MILLIS, look -> membership.look());
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

  private void tick() {
    membership.tick();
    join.tick(membership.others(), membership.leadersTerm());
  }

  private ClusterChannel open() throws Exception {
    ClusterSettings settings = parts.settings();
    if (settings.tls() != null && tls == null) {
      tls = new MutualTls(vertx, settings.tls(), settings.name());
    }
    VotingStack voting =
        parts.agreed() == null
            ? null
            : new VotingStack(settings, parts.agreed(), parts.replicaId());
    try {
      return new ClusterChannel(
          settings,
          tls,
          parts.replicaId(),
          new ClusterChannel.Listeners(
              (from, frame) -> context.runOnContext(turn -> membership.received(from, frame)),
              members -> context.runOnContext(turn -> members(members))),
          voting);
    } catch (Exception notOpened) {
      if (voting != null) {
        voting.close();
      }
      throw notOpened;
    }
  }

  private void members(List<Address> all) {
    Address own = join.channel().own();
    membership.members(all.stream().filter(each -> !each.equals(own)).toList());
  }

  private void watchCertificates() {
    if (tls == null) {
      return;
    }
    certificates =
        new CertificateWatch(
            vertx,
            parts.files(),
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
    if (join.channel() != null) {
      membership.leave();
    }
    return join.end();
  }
}
