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
 * One cell of the failover matrix: what is wrong with Foundry and with legacy, the kind of request,
 * whether legacy may answer instead, and what the client must see then.
 *
 * @param foundryExecutions how many requests Foundry may have read whole
 */
record FailoverCell(
    WireFault fault,
    WireFault legacyFault,
    Route route,
    boolean fallback,
    Expected expected,
    int foundryExecutions) {
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
    /** Safe to repeat, one JSON body, and errors in our own shape whoever made them. */
    AGENT("/v1/agents/fan_message", "{\"prompt\":\"hi\"}"),
    /** Makes something: never to be sent twice. */
    JOB("/jobs", "{\"prompt\":\"hi\"}");

    final String path;
    final String body;

    Route(String path, String body) {
      this.path = path;
      this.body = body;
    }
  }

  /** The client's view of an exchange. */
  enum Expected {
    /** Foundry's answer, whole. */
    FOUNDRY,
    /** Legacy's answer, whole and flagged. */
    LEGACY,
    /** Foundry's failing answer as it was. */
    VERBATIM,
    /** Legacy's failing answer as it was, flagged. */
    LEGACY_VERBATIM,
    /** 502 in our own words: legacy was asked, and neither answered. */
    BOTH_FAILED,
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

  /** The looks of a fault to a client, by whether it can be made up for. */
  private record Row(
      WireFault fault, List<Route> routes, Expected made, Expected not, int tries, int executed) {}

  private static final List<Route> ALL = List.of(Route.values());
  private static final List<Route> WHOLE = List.of(Route.JSON, Route.AGENT, Route.JOB);
  private static final List<Route> STREAM = List.of(Route.EVENTS);
  private static final List<Route> SAFE = List.of(Route.JSON, Route.EVENTS, Route.AGENT);

  private static final List<Row> ROWS =
      List.of(
          fine(Plain.NONE, ALL),
          fine(Plain.ONE_BYTE_SLICES, ALL),
          fine(Plain.EXTRA_BYTES, ALL),
          fine(Plain.INTERIM_102, ALL),
          fine(new DelayHead(200), ALL),
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
          always(failing(400), ALL, Expected.VERBATIM),
          always(failing(404), ALL, Expected.VERBATIM),
          always(failing(422), ALL, Expected.VERBATIM),
          always(new CutAfterBytes(BEYOND_THE_HOLD, LARGE, false), WHOLE, Expected.CUT_JSON),
          always(new CutAfterBytes(BEYOND_THE_HOLD, LARGE, true), WHOLE, Expected.CUT_JSON),
          always(Plain.HEAD_THEN_STALL, STREAM, Expected.SILENT_STREAM),
          always(Plain.PREAMBLE_THEN_STALL, STREAM, Expected.SILENT_STREAM),
          always(Plain.CONTENT_THEN_STALL, STREAM, Expected.SILENT_STREAM),
          always(Plain.CONTENT_THEN_CUT, STREAM, Expected.CUT_STREAM),
          always(Plain.CLEAN_END_WITHOUT_DONE, STREAM, Expected.CUT_STREAM));

  /** Faults of both providers, and the answer that is left for the client. */
  private record Both(WireFault foundry, WireFault legacy, Expected expected, int tries) {}

  private static final List<Both> BOTH =
      List.of(
          neither(Plain.RESET_BEFORE_HEAD, Plain.RESET_BEFORE_HEAD),
          neither(Plain.CLOSE_BEFORE_HEAD, Plain.JUNK),
          neither(Plain.JUNK, Plain.CLOSE_BEFORE_HEAD),
          neither(new CutAfterBytes(20, 0, true), new ResetAfterBytes(20, 0, false)),
          neither(Plain.RESET_BEFORE_HEAD, Plain.ACCEPT_AND_HANG),
          new Both(Plain.ACCEPT_AND_HANG, Plain.ACCEPT_AND_HANG, Expected.BOTH_FAILED, 1),
          new Both(Plain.ACCEPT_AND_HANG, Plain.JUNK, Expected.BOTH_FAILED, 1),
          new Both(failing(500), Plain.RESET_BEFORE_HEAD, Expected.VERBATIM, RETRIES + 1),
          new Both(failing(503), Plain.ACCEPT_AND_HANG, Expected.VERBATIM, RETRIES + 1),
          new Both(failing(429), Plain.JUNK, Expected.VERBATIM, 1),
          new Both(failing(500), failing(503), Expected.LEGACY_VERBATIM, RETRIES + 1),
          new Both(failing(429), failing(429), Expected.LEGACY_VERBATIM, 1),
          new Both(Plain.JUNK, failing(500), Expected.LEGACY_VERBATIM, RETRIES + 1),
          new Both(Plain.JUNK, failing(404), Expected.LEGACY_VERBATIM, RETRIES + 1),
          new Both(Plain.ACCEPT_AND_HANG, failing(422), Expected.LEGACY_VERBATIM, 1));

  private static Both neither(WireFault foundry, WireFault legacy) {
    return new Both(foundry, legacy, Expected.BOTH_FAILED, RETRIES + 1);
  }

  private static Status failing(int code) {
    return new Status(code, Map.of("content-type", "application/json"), TELLING_BODY);
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
    return new Row(failing(code), ALL, Expected.LEGACY, Expected.VERBATIM, tries, 1);
  }

  /** All cells but those of a router that refuses connections, which no single request can have. */
  static List<FailoverCell> all(boolean fallback) {
    List<FailoverCell> cells = new ArrayList<>();
    for (Row row : ROWS) {
      for (Route route : row.routes) {
        boolean safe = SAFE.contains(route);
        Expected expected = safe && fallback ? row.made : row.not;
        int executions = row.executed * (safe ? row.tries : 1);
        cells.add(new FailoverCell(row.fault, Plain.NONE, route, fallback, expected, executions));
      }
    }
    if (fallback) {
      bothFailing(cells);
    }
    return cells;
  }

  private static void bothFailing(List<FailoverCell> cells) {
    for (Both both : BOTH) {
      for (Route route : SAFE) {
        cells.add(
            new FailoverCell(both.foundry, both.legacy, route, true, both.expected, both.tries));
      }
    }
  }

  /** Nothing can be sent to a router that refuses: even a job can be done by legacy instead. */
  static List<FailoverCell> refused(boolean fallback) {
    Expected expected = fallback ? Expected.LEGACY : Expected.UNAVAILABLE;
    return ALL.stream()
        .map(route -> new FailoverCell(Plain.REFUSE, Plain.NONE, route, fallback, expected, 0))
        .toList();
  }

  /** Neither listens. */
  static List<FailoverCell> refusedByBoth(boolean fallback) {
    Expected expected = fallback ? Expected.BOTH_FAILED : Expected.UNAVAILABLE;
    return ALL.stream()
        .map(route -> new FailoverCell(Plain.REFUSE, Plain.REFUSE, route, fallback, expected, 0))
        .toList();
  }

  /** Returns whether legacy was asked in Foundry's stead, whoever answered in the end. */
  boolean fallbackUsed() {
    return expected == Expected.LEGACY_VERBATIM
        || expected == Expected.VERBATIM && legacyFault != Plain.NONE;
  }

  String name() {
    return "%s, legacy %s, on %s with fallback %s is %s"
        .formatted(fault, legacyFault, route.path, fallback ? "on" : "off", expected);
  }
}
