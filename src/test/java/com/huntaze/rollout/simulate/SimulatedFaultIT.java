package com.huntaze.rollout.simulate;

import static com.huntaze.rollout.simulate.BackendClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults that are switched on and off while the backend runs. */
@ExtendWith(VertxExtension.class)
class SimulatedFaultIT {
  private static final String BODY = "{\"prompt\":\"hello\"}";

  private SimulatedBackend backend;
  private BackendClient client;

  @BeforeEach
  void start(Vertx vertx) {
    backend = await(SimulatedBackend.start(vertx, BackendProfile.foundry(0).withPace(0.01)));
    client = new BackendClient(backend.port());
  }

  @Test
  void anErrorRateOfOneFailsEverythingButHealth() {
    backend.fault(Fault.errorRate(1));

    HttpResponse<String> response = client.post("/route", BODY);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(new JsonObject(response.body()).getString("detail")).contains("simulated");
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void anErrorRateOfAHalfFailsAboutHalf() {
    backend.fault(Fault.errorRate(0.5));

    int failed = 0;
    for (int i = 0; i < 100; i++) {
      failed += client.post("/route", BODY).statusCode() == 500 ? 1 : 0;
    }

    assertThat(failed).isBetween(30, 70);
  }

  @Test
  void aFaultThatIsTakenAwayIsGoneWithTheNextRequest() {
    backend.fault(Fault.errorRate(1));
    client.post("/route", BODY);

    backend.fault(Fault.none());

    assertThat(client.post("/route", BODY).statusCode()).isEqualTo(200);
  }

  @Test
  void aSlowBackendTakesAMultipleOfItsTimes() {
    backend.fault(Fault.slow(20));

    long started = System.nanoTime();
    HttpResponse<String> response = client.post("/route", BODY);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);

    assertThat(response.statusCode()).isEqualTo(200);
    // 420 ms at the median, a hundredth of it by the pace, twenty times that by the fault.
    assertThat(millis).isGreaterThanOrEqualTo(25);
  }
}
