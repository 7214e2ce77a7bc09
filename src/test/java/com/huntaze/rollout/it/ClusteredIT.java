package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.hazelcast.config.Config;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.app.RolloutVerticle;
import com.huntaze.rollout.control.RolloutClient;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two members of a clustered Vert.x (Hazelcast), a proxy in each: they do not hear each other. */
@Tag("heavy")
class ClusteredIT {
  private static final String UNUSED = "http://127.0.0.1:1";

  private static Vertx member(String cluster) {
    Config config = new Config().setClusterName(cluster);
    config.getJetConfig().setEnabled(false);
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1");
    return await(
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
            .withClusterManager(new HazelcastClusterManager(config))
            .buildClustered());
  }

  private static RolloutVerticle deploy(Vertx member) {
    RolloutVerticle verticle = new RolloutVerticle();
    JsonObject configuration =
        RunningProxy.before("canary", UNUSED, UNUSED)
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("drain", new JsonObject().put("delay", "0s").put("timeout", "1s"))
            .put("state", new JsonObject().put("dir", ""));
    await(member.deployVerticle(verticle, new DeploymentOptions().setConfig(configuration)));
    return verticle;
  }

  private static List<Object> states(Vertx member) {
    List<Object> heard = new CopyOnWriteArrayList<>();
    member.eventBus().consumer("rollout.canary.state", message -> heard.add(message.body()));
    return heard;
  }

  @Test
  void whatOneProxyIsToldAndTellsStaysInItsProcess() {
    String cluster = UUID.randomUUID().toString();
    Vertx one = member(cluster);
    Vertx two = member(cluster);
    Vertx empty = member(cluster);
    try {
      // The members do hear each other: a consumer that is no proxy's is found from elsewhere.
      two.eventBus().consumer("ping", message -> message.reply("pong"));
      Waits.until(() -> catchThrowable(() -> one.eventBus().request("ping", "").await()) == null);
      deploy(one);
      deploy(two);
      List<Object> heardByTwo = states(two);
      List<Object> heardByNobody = states(empty);
      RolloutClient first = new RolloutClient(one, "one");
      RolloutClient second = new RolloutClient(two, "two");
      for (int time = 0; time < 6; time++) {
        assertThat(await(first.command("start", "")).phase()).isEqualTo("canary_10");
        assertThat(await(second.state()).phase()).isEqualTo("initial");
        assertThat(await(first.command("reset", "")).phase()).isEqualTo("initial");
      }
      assertThat(catchThrowable(() -> await(new RolloutClient(empty, "x").state())))
          .as("a member without a proxy asks nobody else's")
          .hasMessageContaining("No handlers");
      assertThat(heardByTwo).isEmpty();
      await(second.command("start", ""));
      Waits.until(() -> !heardByTwo.isEmpty());
      assertThat(heardByNobody).isEmpty();
    } finally {
      await(one.close());
      await(two.close());
      await(empty.close());
    }
  }
}
