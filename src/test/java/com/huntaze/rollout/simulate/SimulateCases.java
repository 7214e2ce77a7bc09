package com.huntaze.rollout.simulate;

import com.huntaze.rollout.Cases;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

/** Faults and steps on the wire, and who tells them apart. */
public final class SimulateCases {
  private SimulateCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    cases.examples(
        Fault.errorRate(0.5),
        Fault.slow(2),
        Fault.throttle(1),
        Fault.slowStart(10),
        Fault.junk(0.5));
    cases.examples(
        new WireFault.Status(503, Map.of("retry-after", "1"), "{}"),
        new WireFault.DelayHead(10),
        new WireFault.CutAfterBytes(3, 10, false),
        new WireFault.ResetAfterBytes(3, 10, true));
    for (GoodAnswer good : GoodAnswer.values()) {
      cases.dispatcher(
          "WireScript.play",
          WireFault.class,
          each -> WireScript.of((WireFault) each, good, "foundry"));
    }
    cases.examples(WireStep.Send.of("bytes"), new WireStep.Wait(0), new WireStep.Wait(1));
    cases.dispatcher("WireConnection.play", WireStep.class, each -> plays(cases, (WireStep) each));
  }

  private static void plays(Cases cases, WireStep step) throws Exception {
    WireConnection connection =
        new WireConnection(cases.vertx(), socket(), "foundry", null, id -> WireFault.Plain.NONE);
    Cases.call(connection, "play", List.of(step).iterator());
  }

  /** Takes everything that is written. */
  private static NetSocket socket() {
    EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    return (NetSocket)
        Proxy.newProxyInstance(
            NetSocketInternal.class.getClassLoader(),
            new Class<?>[] {NetSocketInternal.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("channelHandlerContext")) {
                return channel.pipeline().firstContext();
              }
              return Future.class.isAssignableFrom(method.getReturnType())
                  ? Future.succeededFuture()
                  : null;
            });
  }
}
