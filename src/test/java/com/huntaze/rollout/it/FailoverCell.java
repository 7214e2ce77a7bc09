package com.huntaze.rollout.it;

import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.CutAfterBytes;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.ResetAfterBytes;
import com.huntaze.rollout.simulate.WireFault.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One cell of the failover matrix: what is wrong with Foundry, the kind of request, whether legacy
 * may answer instead, and what the client must see then.
 *
 * @param foundryExecutions how many requests Foundry may have read whole
 */
record FailoverCell(
    WireFault fault, Route route, boolean fallback, Expected expected, int foundryExecutions) {
  static final String TELLING_BODY = "{\"detail\":\"model trouble\"}";
  private static final int RETRIES = 3;
  private static final int BEYOND_THE_HOLD = 300_000;
  private static final int LARGE = 400_000;

  /** The kinds of request. */
  enum Route {
    /** Safe to repeat, one JSON body. */
    JSON("/route", "{\"prompt\":\"hi\"}"),
    /** Safe to repeat, an event stream. */
    EVENTS("/v1/chat/completions", "{\"stream\":true,\"messages\":[]}"),
    /** Makes something: never to be sent twice. */
    JOB("/jobs", "{\"prompt\":\"hi\"}");

    final String path;
    final String body;

    Route(String path, String body) {
      this.path = path;
      this.body = body;
    }
  }

  /** What the client sees. */
  enum Expected {
    /** Foundry's answer, whole. */
    FOUNDRY,
    /** Legacy's answer, whole and flagged. */
    LEGACY,
    /** Foundry's failing answer as it was. */
    VERBATIM,
    /** 503 in our own words. */
    UNAVAILABLE,
    /** 504 in our own words. */
    TIMEOUT,
    /** A part, one error event of a connection that was lost, an aborted connection. */
    CUT_STREAM,
    /** A part, one error event of a silence, an aborted connection. */
    SILENT_STREAM,
    /** A part, and an aborted connection. */
    CUT_JSON
  }

  /** What a fault looks like to a client, by whether it can be made up for. */
  private record Row(
      WireFault fault, List<Route> routes, Expected made, Expected not, int tries, int executed) {}

  private static final List<Route> ALL = List.of(Route.values());
  private static final List<Route> WHOLE = List.of(Route.JSON, Route.JOB);
  private static final List<Route> STREAM = List.of(Route.EVENTS);
  private static final List<Route> SAFE = List.of(Route.JSON, Route.EVENTS);

  private static final List<Row> ROWS =
      List.of(
          fine(Plain.NONE, ALL),
          fine(Plain.ONE_BYTE_SLICES, ALL),
          fine(Plain.EXTRA_BYTES, ALL),
          fine(new DelayHead(200), ALL),
          fine(Plain.CLEAN_END_WITHOUT_DONE, STREAM),
          new Row(new DelayHead(20_000), ALL, Expected.LEGACY, Expected.TIMEOUT, 1, 1),
          new Row(Plain.ACCEPT_AND_HANG, ALL, Expected.LEGACY, Expected.TIMEOUT, 1, 1),
          new Row(Plain.BLACKHOLE_AFTER_HEAD, ALL, Expected.LEGACY, Expected.TIMEOUT, 1, 0),
          new Row(Plain.HEAD_THEN_STALL, WHOLE, Expected.LEGACY, Expected.TIMEOUT, 1, 1),
          lost(Plain.RESET_BEFORE_HEAD, ALL),
          lost(Plain.CLOSE_BEFORE_HEAD, ALL),
          lost(Plain.JUNK, ALL),
          lost(new CutAfterBytes(20, 0, false), ALL),
          lost(new CutAfterBytes(20, 0, true), ALL),
          lost(new CutAfterBytes(0, 0, false), WHOLE),
          lost(new ResetAfterBytes(20, 0, false), ALL),
          lost(new ResetAfterBytes(20, 0, true), ALL),
          lost(Plain.ERROR_EVENT_FIRST, STREAM),
          lost(Plain.PREAMBLE_THEN_ERROR, STREAM),
          status(500, RETRIES + 1),
          status(503, RETRIES + 1),
          status(529, RETRIES + 1),
          status(429, 1),
          always(new Status(400, told(), TELLING_BODY), ALL, Expected.VERBATIM),
          always(new Status(404, told(), TELLING_BODY), ALL, Expected.VERBATIM),
          always(new Status(422, told(), TELLING_BODY), ALL, Expected.VERBATIM),
          always(new CutAfterBytes(BEYOND_THE_HOLD, LARGE, false), WHOLE, Expected.CUT_JSON),
          always(new CutAfterBytes(BEYOND_THE_HOLD, LARGE, true), WHOLE, Expected.CUT_JSON),
          always(Plain.HEAD_THEN_STALL, STREAM, Expected.SILENT_STREAM),
          always(Plain.PREAMBLE_THEN_STALL, STREAM, Expected.SILENT_STREAM),
          always(Plain.CONTENT_THEN_STALL, STREAM, Expected.SILENT_STREAM),
          always(Plain.CONTENT_THEN_CUT, STREAM, Expected.CUT_STREAM));

  private static Map<String, String> told() {
    return Map.of("content-type", "application/json", "x-told-by", "foundry");
  }

  private static Row fine(WireFault fault, List<Route> routes) {
    return always(fault, routes, Expected.FOUNDRY);
  }

  private static Row always(WireFault fault, List<Route> routes, Expected expected) {
    return new Row(fault, routes, expected, expected, 1, 1);
  }

  private static Row lost(WireFault fault, List<Route> routes) {
    return new Row(fault, routes, Expected.LEGACY, Expected.UNAVAILABLE, RETRIES + 1, 1);
  }

  private static Row status(int code, int tries) {
    Status status = new Status(code, told(), TELLING_BODY);
    return new Row(status, ALL, Expected.LEGACY, Expected.VERBATIM, tries, 1);
  }

  /** All cells but those of a router that refuses connections, which no single request can have. */
  static List<FailoverCell> all(boolean fallback) {
    List<FailoverCell> cells = new ArrayList<>();
    for (Row row : ROWS) {
      for (Route route : row.routes) {
        boolean safe = SAFE.contains(route);
        Expected expected = safe && fallback ? row.made : row.not;
        int executions = row.executed * (safe ? row.tries : 1);
        cells.add(new FailoverCell(row.fault, route, fallback, expected, executions));
      }
    }
    return cells;
  }

  /** Nothing can be sent to a router that refuses: even a job can be done by legacy instead. */
  static List<FailoverCell> refused(boolean fallback) {
    Expected expected = fallback ? Expected.LEGACY : Expected.UNAVAILABLE;
    return ALL.stream()
        .map(route -> new FailoverCell(Plain.REFUSE, route, fallback, expected, 0))
        .toList();
  }

  String name() {
    return "%s on %s with fallback %s is %s"
        .formatted(fault, route.path, fallback ? "on" : "off", expected);
  }
}
