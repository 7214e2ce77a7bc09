package com.huntaze.rollout.relay;

import com.huntaze.rollout.client.ClientSink;
import com.huntaze.rollout.client.ClientTime;
import com.huntaze.rollout.exchange.ExchangeEvent.Body;
import com.huntaze.rollout.http.ContentCoding;
import com.huntaze.rollout.http.HeaderRules;
import com.huntaze.rollout.http.ReadPace;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.request.UpstreamRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * Carries an upstream's answer to the client: head, body and trailers, byte for byte, no faster
 * than the client reads.
 *
 * <p>The client's head is committed as late as it can be, for until then another provider can
 * answer instead: a JSON answer up to the limit is held until it is whole, one of unknown length no
 * longer than the hold-back, a stream of events or lines until its first content, anything else
 * until its first byte. A body that breaks off is never ended cleanly: the listener decides what to
 * do instead.
 */
public final class ResponseRelay {
  private final HttpServerRequest request;
  private final HttpServerResponse client;
  private final HttpClientResponse upstream;
  private final ServerSettings limits;
  private final ClientSink sink;
  private final ClientTime clientTime;
  private final HeldBytes held;
  private final RelayListener listener;
  private final AnswerType type;
  private final UsageTap tap;
  private final AgentShape shape;
  private final Body body;
  private final boolean measured;
  private final AnswerCheck check;
  private final AnswerReading reading;
  private final AnswerBeginning beginning;
  private final StreamGate gate;
  private boolean committed;
  private boolean finished;
  private boolean paused;
  private boolean contentTold;
  private boolean begun;
  private long lastByteNanos = System.nanoTime();

  /**
   * @param sink takes the body to the client
   * @param tap reads and edits what passes, {@code null} = nothing does
   * @param shape what is put around the answer, {@code null} = nothing
   */
  public ResponseRelay(
      RelayMeans means,
      UpstreamRequest ask,
      HttpClientResponse upstream,
      ClientSink sink,
      UsageTap tap,
      AgentShape shape,
      RelayListener listener) {
    this.request = ask.request();
    this.client = request.response();
    this.upstream = upstream;
    this.limits = means.limits();
    this.sink = sink;
    this.clientTime = ask.body().clientTime();
    this.held = new HeldBytes(means.memory());
    this.tap = tap;
    this.shape = shape;
    this.listener = listener;
    this.body = AnswerHead.body(ask, upstream, limits);
    this.check = AnswerCheck.of(ask, upstream);
    this.type = AnswerType.of(upstream.headers());
    this.measured = AnswerHead.declaredLength(upstream.headers()) >= 0;
    ContentCoding coding = ContentCoding.of(upstream.headers());
    this.gate =
        body == Body.STREAM
            ? new StreamGate(type, coding != ContentCoding.IDENTITY, limits.holdBackBytes())
            : null;
    this.beginning = ask.tellsObjects() && type == AnswerType.JSON ? new AnswerBeginning() : null;
    this.reading = new AnswerReading(tap, check, gate, coding, means.meters(), beginning);
    if (tap != null && gate != null) {
      tap.follows(() -> gate.outcome(check.expected()));
    }
  }

  /** Must be called in the same turn in which the head arrived, or body bytes would be lost. */
  public void start() {
    upstream.endHandler(end -> ended());
    upstream.exceptionHandler(cause -> broken(Meaning.TRUNCATED.outcome()));
    if (body == Body.WHOLE || body == Body.UNMEASURED) {
      held.begin();
    }
    upstream.handler(this::received);
  }

  /**
   * Returns the moment at which the last byte came, or the client took up reading again; {@code
   * System.nanoTime}.
   */
  public long lastByteNanos() {
    return lastByteNanos;
  }

  /**
   * The first bytes of an answer that may tell of objects, as far as they are here; {@code null} =
   * it tells of none.
   */
  public Buffer beginning() {
    return beginning == null ? null : beginning.bytes();
  }

  /** Returns whether the upstream waits for the client. */
  public boolean paused() {
    return paused;
  }

  /** Stops holding back: it has lasted long enough. */
  public void release() {
    if (finished || committed) {
      return;
    }
    if (gate != null) {
      commit();
      write(edited(gate.release()));
    } else if (held.isWhole() && held.body().length() > 0) {
      passHeld();
    }
  }

  /**
   * Stops for good, without a word to the listener. What is already here is thrown away rather than
   * left: Vert.x keeps what a paused connection has received for ever when that connection closes.
   */
  public void cancel() {
    finished = true;
    reading.close();
    held.take();
    held.letGo();
    goOn();
  }

  /** Returns whether the length is not known: not told, or not what it was. */
  private boolean lengthUnknown() {
    return !measured || changes();
  }

  /** Returns whether the client may get other bytes than the provider has sent. */
  private boolean changes() {
    return shape != null || gate != null && tap != null && tap.edits();
  }

  private boolean bodyExpected() {
    return AnswerHead.bodyExpected(request.method(), upstream.statusCode());
  }

  private void received(Buffer piece) {
    if (finished) {
      return;
    }
    lastByteNanos = System.nanoTime();
    if (held.isWhole() && !begun) {
      begun = true;
      listener.arrives();
    }
    reading.read(piece);
    if (gate != null) {
      gated(piece);
    } else if (held.isWhole()) {
      hold(piece);
      yieldIfScarce();
    } else {
      if (type.isStream() && !committed) {
        listener.content();
      }
      Buffer next = shape == null || committed ? piece : shape.before().appendBuffer(piece);
      commit();
      write(next);
    }
  }

  private void gated(Buffer piece) {
    Buffer out = gate.accept(piece);
    if (gate.failedFirst() && !committed) {
      broken(Meaning.ERROR_EVENT.outcome());
      return;
    }
    if (gate.contentSeen() && !contentTold) {
      contentTold = true;
      listener.content();
    }
    if (gate.isOpen()) {
      commit();
      write(edited(out));
      // An event that has begun lies here and in the framer until its end is here, too.
      held.become(2 * gate.heldBytes());
    } else {
      held.count(piece.length());
      yieldIfScarce();
    }
  }

  private void yieldIfScarce() {
    if (held.isWanted()) {
      release();
    }
  }

  private void hold(Buffer piece) {
    held.append(piece);
    if (held.body().length() > limits.holdJsonBytes()) {
      passHeld();
    }
  }

  /** Passes on the answer that was held whole as it comes. */
  private void passHeld() {
    Buffer all = held.take();
    commit();
    write(shape == null ? all : shape.before().appendBuffer(all));
  }

  private void commit() {
    if (committed) {
      return;
    }
    committed = true;
    held.letGo();
    listener.commits(held.isWhole());
    if (!held.isWhole() && changes()) {
      AnswerHead.willChange(client.headers());
    }
    if (!held.isWhole()) {
      client.setChunked(lengthUnknown() && bodyExpected());
    }
    if (endsByClosing()) {
      // Of HTTP/1.0 Vert.x would write its own word over ours.
      sink.endsByClosing();
    }
    if (gate != null) {
      AnswerHead.forget(upstream.headers());
    }
  }

  /**
   * Without a length a client of HTTP/1.0 sees the end by the connection's alone, RFC 9112 §6.3.
   */
  private boolean endsByClosing() {
    return request.version() == HttpVersion.HTTP_1_0
        && !held.isWhole()
        && lengthUnknown()
        && bodyExpected();
  }

  /** An event stream's next bytes as the client gets them. */
  private Buffer edited(Buffer piece) {
    return tap == null ? piece : tap.edit(piece);
  }

  private void write(Buffer piece) {
    if (piece == null || finished) {
      return;
    }
    sink.write(piece);
    if (sink.full() && !paused) {
      pause();
    }
  }

  /** The provider waits for the client, and so does the judge's clock. */
  private void pause() {
    paused = true;
    clientTime.begin(System.nanoTime());
    upstream.pause();
    ReadPace.stop(upstream.request().connection());
    sink.whenDrained(this::resume);
  }

  private void resume() {
    if (!finished) {
      goOn();
      lastByteNanos = System.nanoTime();
      listener.deadlineMoved();
    }
  }

  private void goOn() {
    if (paused) {
      paused = false;
      clientTime.end(System.nanoTime());
      ReadPace.go(upstream.request().connection());
    }
    upstream.resume();
  }

  private void ended() {
    if (finished) {
      return;
    }
    Buffer rest = gate == null ? held.body() : gate.end();
    if (gate != null && committed) {
      held.letGo();
    }
    if (tap != null) {
      tap.end();
    }
    Outcome outcome = reading.outcome();
    reading.close();
    if (failsAtItsEnd(outcome)) {
      fail(outcome, rest);
      return;
    }
    boolean whole = held.isWhole();
    Buffer last = whole || gate != null ? edited(rest) : rest;
    if (gate != null && tap != null) {
      last = tap.withComment(last);
    }
    if (shape != null) {
      last = whole ? shape.around(last) : shape.after();
    }
    commit();
    finished = true;
    if (whole && last != rest) {
      AnswerHead.changed(client.headers(), last.length());
    }
    listener.relayed(outcome, whole ? rest : null);
    listener.handedOver(finish(last, whole));
  }

  /**
   * Tells whether an answer whose end is here must not pass as it is. Of what has gone a stream
   * alone can still be cut; an error that the stream tells of itself is its last word.
   */
  private boolean failsAtItsEnd(Outcome outcome) {
    boolean told = Meaning.ERROR_EVENT.isOf(outcome);
    if (outcome.next() == Next.RELAY) {
      return false;
    }
    return committed ? gate != null && !told && check.endExpected() : !told || gate.failedFirst();
  }

  private void fail(Outcome outcome, Buffer all) {
    // Another provider's answer is better than this one, and this one better than none.
    if (outcome.next() == Next.FAIL_OVER && !committed) {
      finished = true;
      listener.unfit(outcome, all == null ? Buffer.buffer() : all);
    } else {
      broken(outcome);
    }
  }

  private Future<Void> finish(Buffer rest, boolean whole) {
    if (!whole && !upstream.trailers().isEmpty()) {
      HeaderRules.copyTrailers(upstream.trailers(), client.trailers());
    }
    Future<Void> ended = sink.end(rest);
    if (!whole && endsByClosing()) {
      ended.onComplete(sent -> request.connection().close());
    }
    return ended;
  }

  private void broken(Outcome outcome) {
    if (!finished) {
      finished = true;
      reading.close();
      if (committed) {
        held.letGo();
      }
      listener.broken(outcome);
    }
  }
}
