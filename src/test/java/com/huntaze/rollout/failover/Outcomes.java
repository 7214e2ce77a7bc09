package com.huntaze.rollout.failover;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import java.util.List;

/** One of each outcome. */
final class Outcomes {
  static final List<Outcome> ALL =
      List.of(
          Meaning.COMPLETE.outcome(),
          Meaning.WORDLESS.outcome(),
          Meaning.EMPTY_ANSWER.outcome(),
          Meaning.MALFORMED_ANSWER.outcome(),
          Meaning.TRANSIENT_STATUS.outcome(503),
          Meaning.SERVER_ERROR.outcome(501),
          Meaning.CREDENTIAL_REFUSED.outcome(401),
          Meaning.THROTTLED.outcome(),
          Meaning.CONTENT_FILTERED.outcome(),
          Meaning.NOT_FOUND.outcome(),
          Meaning.CALLER_ERROR.outcome(400),
          Outcome.unreachable(UnreachableCause.CONNECT_REFUSED),
          Outcome.unreachable(UnreachableCause.POOL_FULL),
          Meaning.RESET.outcome(),
          Meaning.TRUNCATED.outcome(),
          Meaning.ERROR_EVENT.outcome(),
          Meaning.INCOMPLETE.outcome(),
          Meaning.JUNK.outcome(),
          Meaning.FIRST_CONTENT.outcome(),
          Meaning.IDLE.outcome(),
          Meaning.STREAM.outcome(),
          Meaning.PROBE_DOWN.outcome(),
          Meaning.BREAKER_OPEN.outcome(),
          Meaning.OPTION_REFUSED.outcome(),
          Meaning.CLIENT_GONE.outcome());

  private Outcomes() {}
}
