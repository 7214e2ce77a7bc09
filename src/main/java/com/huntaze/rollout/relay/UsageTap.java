package com.huntaze.rollout.relay;

import com.huntaze.rollout.cost.Consumption;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.UsageListener;
import com.huntaze.rollout.cost.UsageScanner;
import com.huntaze.rollout.http.ContentCoding;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.upstream.Placement;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads the usage of one answer from the very bytes that are relayed, or from their inflated copy,
 * and has what it cost written into it where that is wanted and it is not compressed. Whatever goes
 * wrong in here, the answer passes as it came.
 */
public final class UsageTap implements UsageListener {
  /** Of several JSON texts only so many are told what they cost. */
  private static final int MOST_USAGES = 64;

  private final Billing billing;
  private final UpstreamRequest ask;
  private final ToldByHead head;
  private final Placement placement;
  private final AnswerType type;

  /** It reads an inflated copy: the answer itself is compressed, and is not edited. */
  private final boolean coded;

  /** We have asked for the usage and the client has not: its event is taken out. */
  private final boolean takesUsageOut;

  /** It is told in a comment what the client has not asked for. */
  private final boolean comments;

  private final UsageScanner scanner;
  private final StreamEdits edits = new StreamEdits();

  /** Changes to an answer that is held whole, which wait for all that it tells. */
  private List<Runnable> atTheEnd = List.of();

  private boolean failed;
  private boolean ended;

  /** The event that ended last is taken out. */
  private boolean dropped;

  /** The outcome of a stream if it ended cleanly now; {@code null} = nobody judges it. */
  private Supplier<Outcome> outcome;

  /** The place of the comment has been passed. */
  private boolean commented;

  /** The stream has ended behind a whole event. */
  private boolean endedBetweenEvents;

  /** The consumption and cost of the answer, once it is here and somebody has asked. */
  private Consumption consumed;

  private Cost whole;

  /** The same as text, which the answer's head and body are told. */
  private String usd;

  private UsageTap(
      Billing billing,
      UpstreamRequest ask,
      Placement placement,
      ToldByHead head,
      AnswerType type,
      ContentCoding coding,
      boolean asksUsage) {
    this.takesUsageOut = asksUsage && !billing.usage().always();
    this.placement = placement;
    this.billing = billing;
    this.ask = ask;
    this.head = head;
    this.type = type;
    this.coded = coding != ContentCoding.IDENTITY;
    this.comments =
        billing.usage().comment()
            && type == AnswerType.EVENTS
            && !coded
            && ask.usageNotAskedByClient();
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
  public static UsageTap of(
      Billing billing,
      UpstreamRequest ask,
      UpstreamClient client,
      HttpClientResponse answer,
      boolean asksUsage) {
    AnswerType type = AnswerType.of(answer.headers());
    ContentCoding coding = ContentCoding.of(answer.headers());
    boolean tells = ask.billed() && answer.statusCode() / 100 == 2 && answer.statusCode() != 206;
    return tells && coding.isReadable() && (type.isStream() || type == AnswerType.JSON)
        ? new UsageTap(
            billing,
            ask,
            placement(ask, client),
            ToldByHead.by(answer.headers()),
            type,
            coding,
            asksUsage)
        : null;
  }

  private static Placement placement(UpstreamRequest ask, UpstreamClient client) {
    return client.placement(ask.target(client), ask.identity().model());
  }

  /**
   * Is told how the stream would be judged if it ended.
   *
   * @param judged its outcome if it ended cleanly now
   */
  void follows(Supplier<Outcome> judged) {
    outcome = judged;
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
        endedBetweenEvents = scanner.isBetweenEvents();
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

  /** Returns whether the answer may become another than the provider sent. */
  boolean edits() {
    return !coded && (billing.enriches() || takesUsageOut || comments);
  }

  /** Tells whether the answer is compressed. */
  boolean isCoded() {
    return coded;
  }

  /** Tells whether the answer is a stream, of events or of lines. */
  public boolean isStream() {
    return type.isStream();
  }

  @Override
  public void usage(long closesAt, boolean empty, Set<Detail> present) {
    if (!billing.enriches()) {
      return;
    } else if (isStream()) {
      enrich(closesAt, empty, present);
    } else {
      // The model may be named behind it.
      Set<Detail> known = present.isEmpty() ? Set.of() : EnumSet.copyOf(present);
      atTheEnd(() -> enrich(closesAt, empty, known));
    }
  }

  private void atTheEnd(Runnable change) {
    if (atTheEnd.isEmpty()) {
      atTheEnd = new ArrayList<>(1);
    }
    if (atTheEnd.size() < MOST_USAGES) {
      atTheEnd.add(change);
    }
  }

  private void enrich(long closesAt, boolean empty, Set<Detail> present) {
    JsonMembers details = new JsonMembers().ascii(empty ? "" : ",");
    if (!UsageDetails.write(details, this, present).isEmpty()) {
      edits.insert(closesAt, details);
    }
  }

  @Override
  public void noUsage(long from, long to) {
    // In a stream every chunk but the last says null, and clients of OpenAI's read null as none.
    boolean ours = billing.enriches() && !isStream() && ask.isOfTheRouter();
    if (ours) {
      atTheEnd(() -> edits.replace(from, to, details("{").ascii("}")));
    }
  }

  @Override
  public void event(long from, long to, boolean alone) {
    dropped = alone && takesUsageOut;
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

  /** The comment stands before the {@code [DONE]} of a stream that has gone well. */
  @Override
  public void done(long from) {
    if (comments && !commented) {
      commented = true;
      if (isSound()) {
        edits.insert(from, comment());
      }
    }
  }

  /**
   * The end of a stream with the comment behind it, unless that stands before its {@code [DONE]}.
   *
   * @param rest what is left of the stream, {@code null} = nothing
   */
  Buffer withComment(Buffer rest) {
    try {
      if (comments && !commented && !failed && endedBetweenEvents && isSound()) {
        commented = true;
        JsonMembers comment = comment();
        Buffer all = rest == null ? Buffer.buffer(comment.length()) : rest.copy();
        return all.appendBytes(comment.array(), 0, comment.length());
      }
    } catch (RuntimeException defect) {
      failed(defect);
    }
    return rest;
  }

  /** Tells whether the stream is a good answer if it is over now. */
  private boolean isSound() {
    return outcome != null && outcome.get().next() == Next.RELAY;
  }

  private JsonMembers comment() {
    return details(": {").ascii("}").ascii(scanner.lineEnd()).ascii(scanner.lineEnd());
  }

  private JsonMembers details(String before) {
    return UsageDetails.write(new JsonMembers().ascii(before), this, Set.of());
  }

  /** The model that answers; {@code null} = not known (yet). */
  public String model() {
    if (scanner.model() != null) {
      return scanner.model();
    }
    return head.model() != null ? head.model() : ask.identity().model();
  }

  /** The deployment that answers; {@code null} = not known (yet). */
  public String deployment() {
    return first(scanner.deployment(), head.deployment(), placement.deployment());
  }

  /** The region that answers; {@code null} = not known (yet). */
  public String region() {
    return first(scanner.region(), head.region(), placement.region());
  }

  private static String first(String inBody, String inHead, String configured) {
    if (inBody != null) {
      return inBody;
    }
    return inHead != null ? inHead : configured;
  }

  /** The id under which its provider keeps the answer, or its thread; {@code null} = none yet. */
  public String objectId() {
    return scanner.responseId() == null ? scanner.threadId() : scanner.responseId();
  }

  /** The ids of the items of the answer, as far as they were told. */
  public Set<String> itemIds() {
    return scanner.itemIds();
  }

  /** Sets the fields that say who answered and, of a whole answer, what it cost. */
  public void describe(MultiMap headers) {
    UsageDetails.field(headers, HeaderNames.MODEL, model());
    UsageDetails.field(headers, HeaderNames.DEPLOYMENT, deployment());
    UsageDetails.field(headers, HeaderNames.REGION, region());
    if (ended && cost().isKnown()) {
      headers.set(HeaderNames.COST_USD, usd());
    }
  }

  /**
   * Returns the consumption of the answer, as far as it is here.
   *
   * @param whole whether it is here whole
   */
  public Consumption consumption(boolean whole) {
    if (!whole || !ended) {
      return read(whole);
    }
    if (consumed == null) {
      consumed = read(true);
    }
    return consumed;
  }

  private Consumption read(boolean whole) {
    OptionalLong reported = scanner.reportedCost();
    if (reported.isEmpty() && head.cost() != null) {
      reported = NanoUsd.parse(head.cost());
    }
    return new Consumption(
        model(), scanner.usage(), reported, whole, scanner.unreportedText(), ask.body().size());
  }

  /** The cost as a JSON number, {@code null} if it is not known. */
  String usd() {
    if (!ended) {
      return UsageDetails.usd(cost());
    }
    if (usd == null) {
      usd = UsageDetails.usd(cost());
    }
    return usd;
  }

  /** Returns the cost of the answer by what it has told so far, taken for all of it. */
  public Cost cost() {
    if (!ended) {
      return billing.cost(consumption(true));
    }
    if (whole == null) {
      whole = billing.cost(consumption(true));
    }
    return whole;
  }
}
