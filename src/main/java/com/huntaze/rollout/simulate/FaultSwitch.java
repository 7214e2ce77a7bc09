package com.huntaze.rollout.simulate;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.provider.SimulationAddresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets people break and repair a simulated backend over the event bus, by the name of a fault.
 *
 * <p>Four requests of ten, and not all of them, fail under {@code errors} and {@code junk}: when
 * most fail the circuit breaker takes them away from the judge, who is to be seen at work.
 */
public final class FaultSwitch {
  private static final Logger log = LoggerFactory.getLogger(FaultSwitch.class);
  private static final String NONE = "none";
  private static final double SOME = 0.4;

  /** Above the limit of the latency that a proxy has by default. */
  private static final long SLOW_START_MILLIS = 7_000;

  private static final Map<String, Fault> FAULTS = faults();

  private final Bus bus;
  private final SimulatedBackend backend;
  private final List<MessageConsumer<?>> consumers;
  private volatile String name = NONE;

  private FaultSwitch(Bus bus, SimulatedBackend backend) {
    this.bus = bus;
    this.backend = backend;
    this.consumers =
        List.of(
            bus.serve(SimulationAddresses.BREAK, this::change),
            bus.serve(
                SimulationAddresses.GET,
                body -> {
                  Bodies.none(body);
                  return Future.succeededFuture(state());
                }));
  }

  private static Map<String, Fault> faults() {
    Map<String, Fault> faults = new LinkedHashMap<>();
    faults.put("errors", Fault.errorRate(SOME));
    faults.put("throttle", Fault.throttle(1));
    faults.put("slow", Fault.slowStart(SLOW_START_MILLIS));
    faults.put("cut", Fault.cutStreams());
    faults.put("junk", Fault.junk(SOME));
    faults.put("hang", Fault.hang());
    faults.put(NONE, Fault.none());
    return faults;
  }

  /** Listens from now on. */
  public static FaultSwitch of(Bus bus, SimulatedBackend backend) {
    return new FaultSwitch(bus, backend);
  }

  /** Listens no more. */
  public void close() {
    consumers.forEach(MessageConsumer::unregister);
  }

  private Future<JsonObject> change(Object body) {
    if (!(body instanceof JsonObject request)) {
      throw new IllegalArgumentException(
          "body: not a JSON object (expected: {\"fault\": one of %s})".formatted(FAULTS.keySet()));
    }
    Bodies.known(request, Set.of("fault"));
    Object wanted = request.getValue("fault");
    if (!(wanted instanceof String text) || !FAULTS.containsKey(text)) {
      throw new IllegalArgumentException(
          "fault: %s (expected: one of %s)".formatted(shown(wanted), FAULTS.keySet()));
    }
    name = text;
    backend.fault(FAULTS.get(text));
    log.info(
        text.equals(NONE) ? "Simulated Foundry: repaired" : "Simulated Foundry: broken, {}", text);
    bus.publish(SimulationAddresses.CHANGED, state());
    return Future.succeededFuture(state());
  }

  private static String shown(Object value) {
    String text = String.valueOf(value).replaceAll("[^!-~]", "?");
    return text.length() > 64 ? text.substring(0, 64) : text;
  }

  private JsonObject state() {
    return new JsonObject()
        .put("fault", name)
        .put("faults", new JsonArray(List.copyOf(FAULTS.keySet())));
  }
}
