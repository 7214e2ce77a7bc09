package com.huntaze.rollout.outcome;

/**
 * Judges the body of a 2xx while it passes, in pieces cut anywhere: whether it is an answer in the
 * {@link Dialect} of its path. It keeps nothing of it, and no data makes it throw. Not thread-safe:
 * one per body.
 *
 * <p>A whole body is an error of its provider if it is no JSON, or half of it ({@link
 * Outcome.MalformedAnswer}), and if it is empty or shows that it is meant to be of the path's shape
 * without holding content or the reason for its end ({@link Meaning#EMPTY_ANSWER}). JSON of any
 * other shape is a success. Where an answer may be an array its elements are judged together, as
 * one body, which fails with the first that is an error.
 *
 * <p>Decision 90 in {@code docs/decisions.md}.
 */
public final class BodyJudge implements JsonWalk.Listener {
  private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

  private final Dialect dialect;
  private final Declared declared;
  private final JsonWalk json;
  private int markBytes;
  private boolean begun;
  private boolean looks = true;
  private boolean object;
  private boolean array;
  private boolean foreign;
  private boolean nothing;
  private boolean recognised;
  private boolean content;
  private boolean said;
  private boolean reason;
  private boolean failed;

  /** The form of a body by its {@code Content-Type}. */
  public enum Declared {
    /** JSON: anything else is none of the answers that were asked for. */
    JSON,
    /** A page for people. */
    HTML,
    /** Nothing, or something else: an answer unless it is empty, or begins as JSON does. */
    OTHER
  }

  /**
   * @param dialect the dialect of the path
   */
  public BodyJudge(Dialect dialect, Declared declared) {
    this.dialect = dialect;
    this.json = new JsonWalk(Dialect.ROOT, dialect.mayBeArray(), this);
    this.declared = declared;
  }

  /** Reads a piece. The array is neither kept nor changed. */
  public void feed(byte[] data, int from, int to) {
    int at = from;
    while (at < to && !begun) {
      int b = data[at] & 0xFF;
      boolean mark = markBytes < BYTE_ORDER_MARK.length && b == BYTE_ORDER_MARK[markBytes];
      if (mark) {
        markBytes++;
      } else if (b > ' ' || dialect.mayBeBinary()) {
        begin(b);
        break;
      }
      at++;
    }
    if (begun && looks) {
      json.feed(data, at, to);
    }
  }

  private void begin(int first) {
    begun = true;
    array = first == '[' && dialect.mayBeArray();
    object = first == '{' || array;
    nothing = first == 'n';
    looks =
        switch (declared) {
          case JSON -> true;
          case HTML -> false;
          case OTHER -> object && !dialect.mayBeText() && !dialect.mayBeBinary();
        };
  }

  /** The outcome of a body that has come to its end. */
  public Outcome end() {
    if (!begun) {
      boolean silentText = dialect.mayBeText() && declared == Declared.OTHER;
      return silentText ? Meaning.WORDLESS.outcome() : Meaning.EMPTY_ANSWER.outcome();
    }
    if (!looks) {
      return declared == Declared.HTML
          ? Meaning.MALFORMED_ANSWER.outcome()
          : Meaning.COMPLETE.outcome();
    }
    if (!json.end() && !json.tooDeep()) {
      return Meaning.MALFORMED_ANSWER.outcome();
    }
    if (failed && !json.tooDeep()) {
      return Meaning.EMPTY_ANSWER.outcome();
    }
    if (content || reason) {
      return said ? Meaning.COMPLETE.outcome() : Meaning.WORDLESS.outcome();
    }
    boolean bare = object && !foreign && !dialect.isOpen();
    boolean empty = recognised || bare || nothing;
    return empty && !json.tooDeep() ? Meaning.EMPTY_ANSWER.outcome() : Meaning.COMPLETE.outcome();
  }

  @Override
  public void member(String name) {
    recognised |= dialect.isRecognisedBy(name);
    foreign |= dialect.mayBeContent(name) && !name.equals("error");
  }

  @Override
  public void scalar(AnswerPlace place, String text) {
    switch (place.sign()) {
      case TEXT -> {
        content = true;
        said |= text == null || !text.isEmpty();
      }
      case CONTENT -> content = true;
      case REASON -> reason |= text != null && place.isReason(text);
      case ERROR -> error(text != null && !text.isEmpty());
      case NONE -> {}
      default -> throw new AssertionError("sign: " + place.sign() + " (expected: a known one)");
    }
  }

  /** An object may bring content beside an error; an array's element of an error is none. */
  private void error(boolean told) {
    recognised |= told;
    failed |= told && array;
  }

  @Override
  public void filled(AnswerPlace place, boolean array) {
    switch (place.sign()) {
      case TEXT -> {
        content = true;
        // Where it is known which of its parts are text, they tell.
        said |= place.isLeaf(array);
      }
      case CONTENT -> content = true;
      case ERROR -> error(true);
      case REASON, NONE -> {}
      default -> throw new AssertionError("sign: " + place.sign() + " (expected: a known one)");
    }
  }
}
