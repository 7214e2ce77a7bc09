package com.huntaze.rollout.simulate;

import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireStep.End;
import com.huntaze.rollout.simulate.WireStep.Send;
import com.huntaze.rollout.simulate.WireStep.Wait;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Iterator;
import java.util.function.Function;

/** One connection of a {@link FaultyUpstream}: reads requests, and plays a script for each. */
final class WireConnection {
  private final Vertx vertx;
  private final NetSocket socket;
  private final String name;
  private final WireLedger ledger;
  private final Function<String, WireFault> faults;
  private Buffer pending = Buffer.buffer();
  private WireFault fault;
  private boolean busy;
  private boolean gone;
  private int answered;

  /**
   * @param faults the fault of a request with this correlation id
   */
  WireConnection(
      Vertx vertx,
      NetSocket socket,
      String name,
      WireLedger ledger,
      Function<String, WireFault> faults) {
    this.vertx = vertx;
    this.socket = socket;
    this.name = name;
    this.ledger = ledger;
    this.faults = faults;
  }

  void serve() {
    ledger.opened();
    socket.exceptionHandler(ignored -> {});
    socket.closeHandler(
        closed -> {
          gone = true;
          ledger.closed();
        });
    socket.handler(this::received);
  }

  private void received(Buffer bytes) {
    pending.appendBuffer(bytes);
    if (!busy) {
      next();
    }
  }

  private void next() {
    WireRequest request = WireRequest.read(pending);
    if (request == null) {
      return;
    }
    if (fault == null) {
      fault = faults.apply(request.correlationId());
      ledger.begins(request.correlationId());
      if (fault == Plain.BLACKHOLE_AFTER_HEAD) {
        busy = true;
        socket.pause();
        return;
      }
      if (fault == Plain.CONNECTION_CLOSE_RACE && answered > 0) {
        busy = true;
        socket.close();
        return;
      }
    }
    if (request.whole()) {
      busy = true;
      pending = pending.getBuffer(request.end(), pending.length());
      ledger.executes(request.correlationId());
      GoodAnswer good = GoodAnswer.to(request.path(), request.body());
      play(WireScript.of(fault, good, name).iterator());
    }
  }

  private void play(Iterator<WireStep> steps) {
    while (!gone && steps.hasNext()) {
      WireStep step = steps.next();
      if (step instanceof Send send) {
        socket.write(send.bytes());
      } else if (step instanceof Wait wait) {
        if (wait.millis() == 0) {
          vertx.runOnContext(turn -> play(steps));
        } else {
          vertx.setTimer(wait.millis(), elapsed -> play(steps));
        }
        return;
      } else if (step instanceof End end) {
        end(end);
      } else {
        throw new AssertionError(step);
      }
    }
  }

  private void end(End end) {
    switch (end) {
      case NEXT -> {
        answered++;
        busy = false;
        fault = null;
        next();
      }
      case CLOSE -> socket.close();
      case RESET -> reset();
      case STALL -> {
        // until the other side leaves
      }
      default -> throw new AssertionError(end);
    }
  }

  private void reset() {
    Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    // Behind what is still to be written.
    socket
        .write(Buffer.buffer())
        .onComplete(
            written -> {
              channel.config().setOption(ChannelOption.SO_LINGER, 0);
              channel.close();
            });
  }
}
