package com.huntaze.rollout.outcome;

import java.util.Arrays;
import java.util.Set;

/**
 * Judges the events of one streamed answer: OpenAI chat completions, OpenAI Responses, Anthropic
 * messages, Gemini's content, and as lines Ollama's; anything else is content of an unknown
 * protocol.
 *
 * <p>Up to the first text every event is parsed. After it an event is scanned for the few words
 * that an error or an end must contain, and parsed only when one is there. Nothing is kept of an
 * event, and no data makes it throw. Not thread-safe: one per stream.
 */
public final class StreamJudge {
  private static final Set<String> PREAMBLES =
      Set.of(
          "ping",
          "message_start",
          "message_delta",
          "response.created",
          "response.queued",
          "response.in_progress");
  private static final Set<String> ERRORS = Set.of("error", "response.failed");
  private static final Set<String> ENDS =
      Set.of("message_stop", "response.completed", "response.incomplete", "response.failed");
  private static final Set<String> ANTHROPIC =
      Set.of(
          "message_start",
          "message_delta",
          "message_stop",
          "content_block_start",
          "content_block_delta",
          "content_block_stop");

  /** Ends that say nothing of a reason: behind no content they end no answer. */
  private static final Set<String> BARE_ENDS = Set.of("message_stop");

  /** Its delta has the reason. */
  private static final String MESSAGE_DELTA = "message_delta";

  /** Of all that a response consists of, its text. */
  private static final String RESPONSE_TEXT = "response.output_text.delta";

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  /** It is a stream of lines, in which Ollama's are known. */
  private final boolean lines;

  /** Each event is JSON, or is nothing. */
  private final boolean strict;

  private boolean recognised;
  private boolean contentSeen;
  private boolean errorSeen;
  private boolean terminalSeen;
  private boolean reasonSeen;
  private boolean textSeen;

  /** A judge of an event stream. */
  public StreamJudge() {
    this(false, false);
  }

  private StreamJudge(boolean lines, boolean strict) {
    this.lines = lines;
    this.strict = strict;
  }

  /** A judge of a stream of JSON lines, each of which is an event without a type. */
  public static StreamJudge ofLines() {
    return new StreamJudge(true, true);
  }

  /**
   * A judge of a JSON text sequence, of which each line is an event: a text may have several, so
   * that none need be JSON by itself.
   */
  public static StreamJudge ofRecords() {
    return new StreamJudge(true, false);
  }

  /**
   * Judges one event, in the stream's order.
   *
   * @param type the {@code event:} field, or null
   * @param data holds the event's data from {@code from} to {@code to}; not changed, not kept
   */
  public EventKind event(String type, byte[] data, int from, int to) {
    EventKind byType = ofType(type);
    if (byType != null) {
      boolean mayTell = MESSAGE_DELTA.equals(type) && !reasonSeen;
      reasonSeen |= mayTell && EventFacts.of(data, from, to).stopReason();
      return seen(byType);
    }
    if (isDone(data, from, to)) {
      terminalSeen = true;
      return seen(bareEnd());
    }
    if (from == to) {
      return EventKind.PREAMBLE;
    }
    if (contentSeen && textSeen && !DecidingWords.in(data, from, to)) {
      return EventKind.CONTENT;
    }
    EventFacts facts = EventFacts.of(data, from, to);
    boolean nothing = strict && facts.broken() && !facts.error();
    return nothing ? EventKind.PREAMBLE : seen(ofFacts(type, facts));
  }

  /**
   * Judges an event that was too large to be kept, by its type and the first bytes of its data: a
   * {@code response.completed} repeats the whole answer and may well be that large.
   */
  public EventKind oversized(String type, byte[] head, int from, int to) {
    EventKind byType = ofType(type);
    if (byType != null) {
      return seen(byType);
    }
    EventFacts facts = EventFacts.of(head, from, to);
    EventKind kind = ofFacts(type, facts);
    textSeen = true;
    // Only a type makes so large an event a preamble: what it says may stand behind the head.
    boolean preamble = kind == EventKind.PREAMBLE && facts.type() == null;
    return seen(preamble ? EventKind.CONTENT : kind);
  }

  /**
   * Tells whether an event of OpenAI, Responses, Anthropic or Gemini was seen; their pings do not
   * count.
   */
  public boolean recognised() {
    return recognised;
  }

  /** Returns whether an event was seen with which the client's head goes. */
  public boolean contentSeen() {
    return contentSeen;
  }

  /** Returns whether the provider told of an error. */
  public boolean errorSeen() {
    return errorSeen;
  }

  /**
   * Returns whether {@code [DONE]}, a finish reason or another event that ends an answer was seen.
   */
  public boolean terminalSeen() {
    return terminalSeen;
  }

  /**
   * Returns whether a clean end now is a truncation: an event was recognised and none was terminal.
   * (Any other clean end is a success.)
   */
  public boolean endedIncomplete() {
    return recognised && !terminalSeen;
  }

  /**
   * The outcome of a stream that has come to its end. {@code [DONE]} and the like end an answer
   * that has content or told why it is over; alone they are none.
   *
   * @param answerExpected whether a stream without content is no answer to what was asked
   */
  public Outcome outcome(boolean answerExpected) {
    if (errorSeen) {
      return Meaning.ERROR_EVENT.outcome();
    } else if (!contentSeen && answerExpected) {
      return Meaning.EMPTY_ANSWER.outcome();
    } else if (endedIncomplete()) {
      return Meaning.INCOMPLETE.outcome();
    }
    return contentSeen && !textSeen ? Meaning.WORDLESS.outcome() : Meaning.COMPLETE.outcome();
  }

  private EventKind bareEnd() {
    return contentSeen || reasonSeen ? EventKind.TERMINAL : EventKind.PREAMBLE;
  }

  /** Returns the kind that the type alone decides, or null; takes note of it. */
  private EventKind ofType(String type) {
    if (type == null) {
      return null;
    }
    recognised |= ANTHROPIC.contains(type) || type.startsWith("response.");
    terminalSeen |= ENDS.contains(type);
    if (ERRORS.contains(type)) {
      return EventKind.ERROR;
    } else if (BARE_ENDS.contains(type)) {
      return bareEnd();
    } else if (ENDS.contains(type)) {
      reasonSeen = true;
      return EventKind.TERMINAL;
    }
    return PREAMBLES.contains(type) ? EventKind.PREAMBLE : null;
  }

  private EventKind ofFacts(String eventType, EventFacts facts) {
    if (lines && facts.ollama() && !facts.error()) {
      return ofOllama(facts);
    }
    recognised |= facts.openAi();
    terminalSeen |= facts.finished();
    reasonSeen |= facts.finished() || facts.stopReason();
    EventKind byType = ofType(facts.type());
    EventKind kind = kind(byType, facts);
    textSeen |= says(eventType == null ? facts.type() : eventType, kind, facts);
    return kind;
  }

  /** A line of Ollama's; that it is the last ends an answer as {@code [DONE]} does. */
  private EventKind ofOllama(EventFacts facts) {
    recognised = true;
    terminalSeen |= facts.done();
    reasonSeen |= facts.done() && facts.doneReason();
    textSeen |= facts.turnSays();
    if (facts.done()) {
      return facts.turnSpeaks() ? EventKind.TERMINAL : bareEnd();
    }
    return facts.turnSpeaks() ? EventKind.CONTENT : EventKind.PREAMBLE;
  }

  private static EventKind kind(EventKind byType, EventFacts facts) {
    if (facts.error()) {
      return EventKind.ERROR;
    } else if (byType != null) {
      return byType;
    } else if (facts.finished()) {
      return EventKind.TERMINAL;
    }
    return facts.openAi() && !facts.speaks() ? EventKind.PREAMBLE : EventKind.CONTENT;
  }

  /** Tells whether an event has text; of an unknown protocol all content is taken for it. */
  private static boolean says(String type, EventKind kind, EventFacts facts) {
    if (facts.says()) {
      return true;
    } else if (type != null && type.startsWith("response.")) {
      return type.equals(RESPONSE_TEXT) && facts.deltaText();
    }
    boolean known = facts.openAi() || type != null && ANTHROPIC.contains(type);
    return kind == EventKind.CONTENT && !known;
  }

  private EventKind seen(EventKind kind) {
    errorSeen |= kind == EventKind.ERROR;
    contentSeen |= kind.commits();
    return kind;
  }

  private static boolean isDone(byte[] data, int from, int to) {
    int begin = from;
    int end = to;
    while (begin < end && data[begin] == ' ') {
      begin++;
    }
    while (end > begin && data[end - 1] == ' ') {
      end--;
    }
    return Arrays.equals(DONE, 0, DONE.length, data, begin, end);
  }
}
