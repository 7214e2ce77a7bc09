package com.huntaze.rollout.simulate;

import com.huntaze.rollout.simulate.WireFault.CutAfterBytes;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.ResetAfterBytes;
import com.huntaze.rollout.simulate.WireFault.Status;
import com.huntaze.rollout.simulate.WireStep.End;
import com.huntaze.rollout.simulate.WireStep.Send;
import com.huntaze.rollout.simulate.WireStep.Wait;
import java.util.ArrayList;
import java.util.List;

/** Puts together what is sent for one request under one fault. */
final class WireScript {
  private static final String EVENTS_HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String LAST_CHUNK = "0\r\n\r\n";
  private static final String JSON_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

  private final String name;
  private final GoodAnswer good;
  private final List<WireStep> steps = new ArrayList<>();

  private WireScript(String name, GoodAnswer good) {
    this.name = name;
    this.good = good;
  }

  /**
   * The steps of an answer; the last one is an {@link End}.
   *
   * @param name of the upstream
   */
  static List<WireStep> of(WireFault fault, GoodAnswer good, String name) {
    WireScript script = new WireScript(name, good);
    script.play(fault);
    return List.copyOf(script.steps);
  }

  private void play(WireFault fault) {
    if (fault instanceof Plain plain) {
      plain(plain);
    } else if (fault instanceof Status status) {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status.code() + " Simulated\r\n");
      status.headers().forEach((field, value) -> head.append(field + ": " + value + "\r\n"));
      send(head + "content-length: " + status.body().length() + "\r\n\r\n" + status.body());
      end(End.NEXT);
    } else if (fault instanceof DelayHead delay) {
      steps.add(new Wait(delay.millis()));
      whole(End.NEXT);
    } else if (fault instanceof CutAfterBytes cut) {
      part(cut.bytes(), cut.size(), cut.chunked());
      end(End.CLOSE);
    } else if (fault instanceof ResetAfterBytes reset) {
      part(reset.bytes(), reset.size(), reset.chunked());
      end(End.RESET);
    } else {
      throw new AssertionError(fault);
    }
  }

  private void plain(Plain fault) {
    switch (fault) {
      case NONE, REFUSE, CONNECTION_CLOSE_RACE -> whole(End.NEXT);
      case ACCEPT_AND_HANG, BLACKHOLE_AFTER_HEAD -> end(End.STALL);
      case RESET_BEFORE_HEAD -> end(End.RESET);
      case CLOSE_BEFORE_HEAD -> end(End.CLOSE);
      case HEAD_THEN_STALL -> {
        send(good == GoodAnswer.OPENAI_EVENTS ? EVENTS_HEAD : declared(good.json(name)));
        end(End.STALL);
      }
      case ERROR_EVENT_FIRST -> events(End.NEXT, GoodAnswer.ERROR_EVENT);
      case PREAMBLE_THEN_ERROR -> events(End.NEXT, GoodAnswer.preamble(), GoodAnswer.ERROR_EVENT);
      case PREAMBLE_THEN_STALL -> events(End.STALL, GoodAnswer.preamble());
      case CONTENT_THEN_CUT -> events(End.CLOSE, GoodAnswer.preamble(), content());
      case CONTENT_THEN_STALL -> events(End.STALL, GoodAnswer.preamble(), content());
      case CLEAN_END_WITHOUT_DONE -> events(End.NEXT, GoodAnswer.preamble(), content());
      case ONE_BYTE_SLICES -> {
        whole(End.NEXT);
        slice();
      }
      case JUNK -> {
        send("not http\r\n\r\n");
        end(End.STALL);
      }
      case EXTRA_BYTES -> {
        whole(End.NEXT);
        steps.add(steps.size() - 1, Send.of("bytes that nobody asked for"));
      }
      case INTERIM_102 -> {
        send("HTTP/1.1 102 Processing\r\n\r\n");
        whole(End.NEXT);
      }
      default -> throw new AssertionError(fault);
    }
  }

  private void whole(End end) {
    if (good == GoodAnswer.OPENAI_EVENTS) {
      List<String> all = new ArrayList<>(List.of(GoodAnswer.preamble()));
      all.addAll(GoodAnswer.contents(name));
      all.add(GoodAnswer.ending());
      events(end, all.toArray(String[]::new));
    } else {
      String json = good.json(name);
      send(declared(json) + json);
      end(end);
    }
  }

  /** Events as chunks; the stream is ended cleanly where the connection goes on. */
  private void events(End end, String... events) {
    send(EVENTS_HEAD);
    for (String event : events) {
      send(chunk(event));
    }
    if (end == End.NEXT) {
      send(LAST_CHUNK);
    }
    end(end);
  }

  private void part(int bytes, int size, boolean chunked) {
    if (good == GoodAnswer.OPENAI_EVENTS) {
      String all = GoodAnswer.preamble() + String.join("", GoodAnswer.contents(name));
      send(EVENTS_HEAD);
      send(chunk(all.substring(0, Math.min(bytes, all.length()))));
      return;
    }
    String json = good.json(name);
    String padded = json + " ".repeat(Math.max(0, size - json.length()));
    String some = padded.substring(0, Math.min(bytes, padded.length()));
    send(
        chunked
            ? JSON_HEAD + "transfer-encoding: chunked\r\n\r\n" + chunk(some)
            : declared(padded) + some);
  }

  private void slice() {
    List<WireStep> pieces = new ArrayList<>();
    for (WireStep step : steps) {
      if (step instanceof Send send) {
        for (int i = 0; i < send.bytes().length(); i++) {
          pieces.add(new Send(send.bytes().slice(i, i + 1)));
          pieces.add(new Wait(0));
        }
      } else {
        pieces.add(step);
      }
    }
    steps.clear();
    steps.addAll(pieces);
  }

  private String content() {
    return GoodAnswer.contents(name).get(0);
  }

  private static String declared(String body) {
    return JSON_HEAD + "content-length: " + body.length() + "\r\n\r\n";
  }

  /** Nothing at all for no text: a chunk of no bytes would be the last one. */
  private static String chunk(String text) {
    return text.isEmpty() ? "" : Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private void send(String text) {
    steps.add(Send.of(text));
  }

  private void end(End end) {
    steps.add(end);
  }
}
