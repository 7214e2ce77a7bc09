package com.huntaze.rollout.proxy;

import com.huntaze.rollout.cost.Consumption;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.UsageListener;
import com.huntaze.rollout.cost.UsageScanner;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the usage of one answer from the very bytes that are relayed, or from their inflated copy,
 * and has what it cost written into it where that is wanted and it is not compressed. Whatever goes
 * wrong in here, the answer passes as it came.
 */
final class UsageTap implements UsageListener {
  private static final String SERVED_MODEL = "x-ms-served-model";
  private static final String DEPLOYMENT = "x-ms-deployment-name";
  private static final String REGION = "x-ms-region";
  private static final String REPORTED_COST = "x-litellm-response-cost";

  /** Of several JSON texts only so many are told what they cost. */
  private static final int MOST_USAGES = 64;

  private final Billing billing;
  private final Ask ask;
  private final HttpClientResponse answer;
  private final AnswerType type;

  /** It reads an inflated copy: the answer itself is compressed, and is not edited. */
  private final boolean coded;

  /** We have asked for the usage and the client has not: its event is taken out. */
  private final boolean asksUsage;

  private final UsageScanner scanner;
  private final StreamEdits edits = new StreamEdits();

  /** Changes to an answer that is held whole, which wait for all that it tells. */
  private final List<Runnable> atTheEnd = new ArrayList<>();

  private boolean failed;
  private boolean ended;

  /** The event that ended last is taken out. */
  private boolean dropped;

  /** What the answer costs, once it is here and somebody has asked. */
  private Cost whole;

  private UsageTap(
      Billing billing,
      Ask ask,
      HttpClientResponse answer,
      AnswerType type,
      ContentCoding coding,
      boolean asksUsage) {
    this.asksUsage = asksUsage;
    this.billing = billing;
    this.ask = ask;
    this.answer = answer;
    this.type = type;
    this.coded = coding != ContentCoding.IDENTITY;
    UsageListener editor = coded ? UsageListener.NONE : this;
    this.scanner =
        switch (type) {
          case EVENTS -> UsageScanner.ofEvents(editor);
          case LINES -> UsageScanner.ofLines(editor);
          case RECORDS -> UsageScanner.ofRecords(editor);
          case JSON -> UsageScanner.ofJson(editor);
          case HTML, OTHER -> throw new AssertionError("type: " + type + " (expected: JSON)");
        };
  }

  /** A tap for an answer that may tell its usage; {@code null} if it cannot, or cannot be read. */
  static UsageTap of(Billing billing, Ask ask, HttpClientResponse answer, boolean asksUsage) {
    AnswerType type = AnswerType.of(answer.headers());
    ContentCoding coding = ContentCoding.of(answer.headers());
    boolean tells = ask.billed() && answer.statusCode() / 100 == 2 && answer.statusCode() != 206;
    return tells && coding.isReadable() && (type.isStream() || type == AnswerType.JSON)
        ? new UsageTap(billing, ask, answer, type, coding, asksUsage)
        : null;
  }

  /** Reads a piece of the answer, not compressed, before it is given to {@link #edit}. */
  void read(byte[] data, int from, int to) {
    if (failed) {
      return;
    }
    try {
      scanner.feed(data, from, to);
    } catch (RuntimeException defect) {
      failed(defect);
    }
  }

  /** All of the answer has been read. */
  void end() {
    try {
      if (!failed) {
        scanner.end();
      }
      // Only now: what is asked for while the end is read is not the last word.
      ended = true;
      if (!failed) {
        atTheEnd.forEach(Runnable::run);
      }
    } catch (RuntimeException defect) {
      failed(defect);
    } finally {
      ended = true;
    }
  }

  private void failed(RuntimeException defect) {
    failed = true;
    billing.tapFailed(defect);
  }

  /** The next bytes as they go to the client; {@code null} stays {@code null}. */
  Buffer edit(Buffer piece) {
    return edits.apply(piece);
  }

  /** Whether the answer may become another than the provider sent. */
  boolean edits() {
    return !coded && (billing.enriches() || asksUsage);
  }

  /** Tells whether the answer is compressed. */
  boolean isCoded() {
    return coded;
  }

  /** Tells whether the answer is a stream, of events or of lines. */
  boolean isStream() {
    return type.isStream();
  }

  @Override
  public void usage(long closesAt, boolean empty, Set<Detail> present) {
    if (!billing.enriches()) {
      return;
    } else if (isStream()) {
      enrich(closesAt, empty, present);
    } else if (atTheEnd.size() < MOST_USAGES) {
      // The model may be named behind it.
      Set<Detail> known = present.isEmpty() ? Set.of() : EnumSet.copyOf(present);
      atTheEnd.add(() -> enrich(closesAt, empty, known));
    }
  }

  private void enrich(long closesAt, boolean empty, Set<Detail> present) {
    String details = UsageDetails.text(this, present);
    if (!details.isEmpty()) {
      edits.insert(closesAt, Buffer.buffer(empty ? details : "," + details));
    }
  }

  @Override
  public void noUsage(long from, long to) {
    // In a stream every chunk but the last says null, and clients of OpenAI's read null as none.
    boolean ours = billing.enriches() && !isStream() && ask.isOfTheRouter();
    if (ours && atTheEnd.size() < MOST_USAGES) {
      atTheEnd.add(
          () ->
              edits.replace(
                  from, to, Buffer.buffer("{" + UsageDetails.text(this, Set.of()) + "}")));
    }
  }

  @Override
  public void event(long from, long to, boolean alone) {
    dropped = alone && asksUsage;
    if (dropped) {
      edits.drop(from, to);
    }
  }

  @Override
  public void lineFeed(long at) {
    if (dropped) {
      edits.drop(at, at + 1);
    }
  }

  /** The model that answers; {@code null} = not known (yet). */
  String model() {
    if (scanner.model() != null) {
      return scanner.model();
    }
    String header = answer.getHeader(SERVED_MODEL);
    return header != null ? header : ask.identity().model();
  }

  /** The deployment that answers; {@code null} = not known (yet). */
  String deployment() {
    String told = scanner.deployment();
    return told != null ? told : answer.getHeader(DEPLOYMENT);
  }

  /** The region that answers; {@code null} = not known (yet). */
  String region() {
    String told = scanner.region();
    return told != null ? told : answer.getHeader(REGION);
  }

  /** The id under which its provider keeps the answer; {@code null} = not told (yet). */
  String responseId() {
    return scanner.responseId();
  }

  /** Sets the fields that say who answered and, of a whole answer, what it cost. */
  void describe(MultiMap headers) {
    field(headers, HeaderNames.MODEL, model());
    field(headers, HeaderNames.DEPLOYMENT, deployment());
    field(headers, HeaderNames.REGION, region());
    if (ended && cost().known().isPresent()) {
      headers.set(HeaderNames.COST_USD, NanoUsd.format(cost().nanoUsd()));
    }
  }

  /** A name that cannot stand in a header is left out. */
  private static void field(MultiMap headers, CharSequence name, String value) {
    if (value != null && value.chars().allMatch(c -> c > ' ' && c < 0x7F || c == ' ')) {
      headers.set(name, value.strip());
    }
  }

  /**
   * What the answer used, as far as it is here.
   *
   * @param whole whether it is here whole
   */
  Consumption consumption(boolean whole) {
    OptionalLong reported = scanner.reportedCost();
    String header = answer.getHeader(REPORTED_COST);
    if (reported.isEmpty() && header != null) {
      reported = NanoUsd.parse(header.strip());
    }
    return new Consumption(
        model(), scanner.usage(), reported, whole, scanner.unreportedText(), ask.body().size());
  }

  /** What the answer costs by what it has told so far. */
  Cost cost() {
    if (!ended) {
      return billing.cost(consumption(true));
    }
    if (whole == null) {
      whole = billing.cost(consumption(true));
    }
    return whole;
  }
}
