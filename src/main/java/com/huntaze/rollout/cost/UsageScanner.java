package com.huntaze.rollout.cost;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the usage of an answer while its bytes pass, JSON or an event stream, in pieces cut
 * anywhere: where they are cut changes nothing. It keeps a few hundred bytes, and the ids of 64
 * items at most, whatever comes, and no input makes it throw.
 *
 * <p>The usage of an answer is put together from all that it tells, field by field, and nothing
 * that was told is lowered. A fragment, from which what was used cannot be known, is none. Not
 * thread-safe: one per answer.
 *
 * <p>Decision 20 in {@code docs/decisions.md}.
 */
public final class UsageScanner {
  private static final byte LINE_FEED = '\n';
  private static final byte RECORD_SEPARATOR = 0x1E;
  private static final int MOST_ITEMS = 64;
  private static final byte[] THREAD = "thread_".getBytes(StandardCharsets.US_ASCII);

  private final JsonScanner json;

  /** {@code null} = it is no stream. */
  private final StreamData stream;

  private final UsageListener listener;
  private final RawTokenCounts answer = new RawTokenCounts();
  private final RawTokenCounts object = new RawTokenCounts();

  /** Made when there is one: few answers tell any. */
  private Set<UsageListener.Detail> present = Set.of();

  private String model;
  private String deployment;
  private String region;
  private String responseId;
  private String threadId;
  private Set<String> itemIds = Set.of();
  private long reportedNano = -1;
  private long unreportedText;

  private int usageDepth;
  private int choices;
  private boolean usageInEvent;

  /** It has an object for it, which Ollama's lines have not. */
  private boolean usageObject;

  /** The event that ended last spoke of usage. */
  private boolean usageInLast;

  private UsageScanner(Form form, UsageListener listener) {
    this.listener = listener;
    this.json = new JsonScanner(new Reader());
    this.stream =
        switch (form) {
          case JSON -> null;
          case EVENTS -> new EventData(json, new Events());
          case LINES -> new LineData(json, LINE_FEED, new Events());
          case RECORDS -> new LineData(json, RECORD_SEPARATOR, new Events());
        };
  }

  /** The forms of answers that tell their usage. */
  private enum Form {
    JSON,
    EVENTS,
    LINES,
    RECORDS
  }

  /** A scanner for a JSON answer. */
  public static UsageScanner ofJson(UsageListener listener) {
    return new UsageScanner(Form.JSON, listener);
  }

  /** A scanner for an event stream. */
  public static UsageScanner ofEvents(UsageListener listener) {
    return new UsageScanner(Form.EVENTS, listener);
  }

  /** A scanner for a stream of JSON lines. */
  public static UsageScanner ofLines(UsageListener listener) {
    return new UsageScanner(Form.LINES, listener);
  }

  /** A scanner for a JSON text sequence, RFC 7464. */
  public static UsageScanner ofRecords(UsageListener listener) {
    return new UsageScanner(Form.RECORDS, listener);
  }

  /** Reads a piece. The array is neither kept nor changed. */
  public void feed(byte[] data, int from, int to) {
    if (stream == null) {
      json.feed(data, from, to);
    } else {
      stream.feed(data, from, to);
    }
  }

  /** The answer has ended. */
  public void end() {
    if (stream != null) {
      stream.end();
    }
  }

  /** The usage that the answer has told so far, {@code null} = none. */
  public Usage usage() {
    return answer.areComplete() ? answer.usage() : null;
  }

  /** The cost in nano-USD that the provider has told. */
  public OptionalLong reportedCost() {
    return reportedNano < 0 ? OptionalLong.empty() : OptionalLong.of(reportedNano);
  }

  /** The model that the answer names, {@code null} = none. */
  public String model() {
    return model;
  }

  /** The deployment that the answer names, {@code null} = none. */
  public String deployment() {
    return deployment;
  }

  /** The region that the answer names, {@code null} = none. */
  public String region() {
    return region;
  }

  /** The id of the response that a stream of the Responses API repeats, {@code null} = none. */
  public String responseId() {
    return responseId;
  }

  /** The ids of the items of that response, 64 at most. */
  public Set<String> itemIds() {
    return itemIds;
  }

  /** The id of the thread that a stream is about, {@code null} = none. */
  public String threadId() {
    return threadId;
  }

  /** Tells whether it reads events, and the one that began last has come to its end. */
  public boolean isBetweenEvents() {
    return stream != null && stream.isBetweenParts();
  }

  /** The way in which the lines of an event stream end. */
  public String lineEnd() {
    return stream == null ? "\n" : stream.lineEnd();
  }

  /** Returns the bytes of generated text that have passed since the answer last told its usage. */
  public long unreportedText() {
    return unreportedText;
  }

  /** Takes note of where events end. */
  private final class Events implements StreamData.Listener {
    @Override
    public void done(long from) {
      listener.done(from);
    }

    @Override
    public void event(long from, long to) {
      if (usageInEvent) {
        listener.event(from, to, usageObject && choices == 0);
      }
      usageInLast = usageInEvent;
      usageInEvent = false;
      usageObject = false;
      usageDepth = 0;
      // A part that broke off has told a fragment.
      object.clear();
      choices = 0;
    }

    @Override
    public void lineFeed(long at) {
      if (usageInLast) {
        listener.lineFeed(at);
      }
    }
  }

  /** Takes in what the JSON tells. */
  private final class Reader implements JsonScanner.Listener {
    @Override
    public void opened(UsagePath place) {
      switch (place) {
        case CHOICE -> choices++;
        case USAGE -> openUsage();
        case ROOT,
            MESSAGE,
            CHOICES,
            DELTA,
            TOOL_CALLS,
            TOOL_CALL,
            FUNCTION,
            RESPONSE,
            ITEM,
            WRAPPER,
            INPUT_DETAILS,
            OUTPUT_DETAILS,
            CACHE_CREATION,
            COSTS -> {}
        default -> throw new AssertionError(place);
      }
    }

    private void openUsage() {
      if (usageDepth == 0) {
        object.clear();
        present = Set.of();
      }
      usageDepth++;
      usageObject = true;
    }

    @Override
    public void closed(UsagePath place, UsagePath in, long at, boolean empty) {
      switch (place) {
        case USAGE -> {
          usageDepth--;
          if (usageDepth == 0) {
            closeUsage(in, at, empty);
          }
        }
        // Ollama tells its counts without an object around them.
        case ROOT -> take();
        case MESSAGE,
            CHOICE,
            CHOICES,
            DELTA,
            TOOL_CALLS,
            TOOL_CALL,
            FUNCTION,
            RESPONSE,
            ITEM,
            WRAPPER,
            INPUT_DETAILS,
            OUTPUT_DETAILS,
            CACHE_CREATION,
            COSTS -> {}
        default -> throw new AssertionError(place);
      }
    }

    private void closeUsage(UsagePath in, long at, boolean empty) {
      take();
      if (in == UsagePath.ROOT || in == UsagePath.RESPONSE) {
        listener.usage(at, empty, present);
      }
    }

    private void take() {
      if (object.isEmpty()) {
        return;
      }
      usageInEvent = true;
      boolean more = answer.merge(object);
      unreportedText = more && answer.areComplete() ? 0 : unreportedText;
    }

    @Override
    public void absent(UsagePath place, UsagePath in, long from, long to) {
      if (place == UsagePath.USAGE && in == UsagePath.ROOT) {
        listener.noUsage(from, to);
      }
    }

    @Override
    public void scalar(
        UsagePath in,
        UsageField field,
        byte[] text,
        int from,
        int length,
        boolean string,
        boolean cut) {
      if (field == UsageField.TEXT) {
        unreportedText += string ? length : 0;
      } else if (field.isCount()) {
        if (!string && !cut) {
          object.put(field, text, from, length);
        }
      } else if (field != UsageField.THREAD_ID || isThread(text, from, length)) {
        note(in, field, cut ? "" : new String(text, from, length, StandardCharsets.UTF_8), string);
      }
    }

    /** Each event of other streams has an id that is not worth a string. */
    private boolean isThread(byte[] text, int from, int length) {
      int to = from + THREAD.length;
      return length > THREAD.length && Arrays.equals(text, from, to, THREAD, 0, THREAD.length);
    }

    private void note(UsagePath in, UsageField field, String text, boolean string) {
      boolean usable = string && !text.isEmpty();
      switch (field) {
        case MODEL -> {
          model = usable && (in != UsagePath.USAGE || model == null) ? text : model;
          has(in, UsageListener.Detail.MODEL);
        }
        case DEPLOYMENT -> {
          deployment = usable ? text : deployment;
          has(in, UsageListener.Detail.DEPLOYMENT);
        }
        case REGION -> {
          region = usable ? text : region;
          has(in, UsageListener.Detail.REGION);
        }
        case ID -> responseId = usable ? text : responseId;
        case THREAD_ID -> threadId = usable ? text : threadId;
        case ITEM_ID -> item(usable ? text : null);
        case COST_USD -> {
          reported(text);
          has(in, UsageListener.Detail.COST_USD);
        }
        case COST -> reported(text);
        // Text and counts are no notes.
        default -> throw new AssertionError(field);
      }
    }

    private void item(String id) {
      if (id != null && itemIds.size() < MOST_ITEMS) {
        itemIds = itemIds.isEmpty() ? new LinkedHashSet<>() : itemIds;
        itemIds.add(id);
      }
    }

    private void reported(String text) {
      reportedNano = Math.max(reportedNano, NanoUsd.parse(text).orElse(-1));
    }

    private void has(UsagePath in, UsageListener.Detail detail) {
      if (in == UsagePath.USAGE) {
        present = present.isEmpty() ? EnumSet.noneOf(UsageListener.Detail.class) : present;
        present.add(detail);
      }
    }
  }
}
