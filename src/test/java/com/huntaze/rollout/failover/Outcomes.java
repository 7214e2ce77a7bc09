package com.huntaze.rollout.failover;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import java.util.List;

/** One of each outcome. */
final class Outcomes {
  static final List<Outcome> ALL =
      List.of(
          new Outcome.Complete(),
          new Outcome.Wordless(),
          new Outcome.EmptyAnswer(),
          new Outcome.MalformedAnswer(),
          new Outcome.TransientStatus(503),
          new Outcome.ServerError(501),
          new Outcome.CredentialRefused(401),
          new Outcome.Throttled(),
          new Outcome.ContentFiltered(),
          new Outcome.NotFound(),
          new Outcome.CallerError(400),
          new Outcome.Unreachable(UnreachableCause.CONNECT_REFUSED),
          new Outcome.Unreachable(UnreachableCause.POOL_FULL),
          new Outcome.Reset(),
          new Outcome.Truncated(),
          new Outcome.ErrorEvent(),
          new Outcome.Incomplete(true),
          new Outcome.Incomplete(false),
          new Outcome.UpstreamJunk(),
          new Outcome.FirstContentTimeout(),
          new Outcome.IdleTimeout(),
          new Outcome.StreamTimeout(),
          new Outcome.ProbeDown(),
          new Outcome.BreakerOpen(),
          new Outcome.OptionRefused(),
          new Outcome.ClientGone());

  private Outcomes() {}
}
