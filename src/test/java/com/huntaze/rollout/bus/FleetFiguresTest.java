package com.huntaze.rollout.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The account of whose figures an answer has, where the cluster itself does not answer. */
class FleetFiguresTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, "");

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private static JsonObject fleet(FleetFigures figures) {
    return figures.tell(new JsonObject()).getJsonObject(FleetFigures.FLEET);
  }

  @Test
  void withoutAClusterNothingIsAdded() {
    FleetFigures figures = FleetFigures.ask(bus, Figure.COSTS, new JsonObject()).await();
    assertThat(figures.tell(new JsonObject())).isEqualTo(new JsonObject());
  }

  @Test
  void aClusterThatIsSilentIsMissingAndTheOwnFiguresAreTold() {
    bus.serve(FleetAddresses.FIGURES, body -> Future.failedFuture("out of order"));
    FleetFigures all = FleetFigures.ask(bus, Figure.COSTS, new JsonObject()).await();
    assertThat(all.<Integer>sum(7, body -> 1, Integer::sum)).isEqualTo(7);
    assertThat(fleet(all).getJsonArray("from")).isEqualTo(new JsonArray());
    assertThat(fleet(all).getJsonArray("missing").getJsonObject(0).getString("why"))
        .isEqualTo("the cluster is silent");
    assertThat(fleet(FleetFigures.own(bus).await()).getString("figures")).isEqualTo("replica");
    FleetFigures leader = FleetFigures.askLeader(bus, Figure.STATE).await();
    assertThat(leader.leaders()).isEmpty();
    assertThat(fleet(leader).getJsonArray("from")).isEqualTo(new JsonArray());
  }
}
