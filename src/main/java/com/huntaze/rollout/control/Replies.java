package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Input;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The replies that commands wait for, by their tickets. */
final class Replies {
  private static final int CONFLICT = 409;
  private static final int FAILED = 503;

  private final Supplier<JsonObject> state;
  private final Map<Long, Promise<JsonObject>> waiting = new HashMap<>();
  private long last = Input.NO_REPLY;

  /**
   * @param state what is answered when a command is done
   */
  Replies(Supplier<JsonObject> state) {
    this.state = state;
  }

  long next() {
    last++;
    waiting.put(last, Promise.promise());
    return last;
  }

  /** To be asked for before the command is carried out: some are answered at once. */
  Future<JsonObject> of(long ticket) {
    return waiting.get(ticket).future();
  }

  void done(long ticket) {
    Promise<JsonObject> reply = waiting.remove(ticket);
    if (reply != null) {
      reply.complete(state.get());
    }
  }

  void refused(long ticket, boolean conflict, String sentence) {
    Promise<JsonObject> reply = waiting.remove(ticket);
    if (reply != null) {
      int code = conflict ? CONFLICT : FAILED;
      reply.fail(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, code, sentence));
    }
  }
}
