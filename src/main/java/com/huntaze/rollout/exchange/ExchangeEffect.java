package com.huntaze.rollout.exchange;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;

/**
 * Something that is to be done for an exchange. An effect that can bring the next event about
 * within itself ({@link Ask}, {@link Begin}, {@link Release}) is the last of its step.
 */
public sealed interface ExchangeEffect {
  /** Has it done; the compiler knows of every effect that there is. */
  void by(ExchangeEffects runner);

  /**
   * Ask a provider's breaker for an attempt, and tell whether it is {@link ExchangeEvent.Admitted}
   * or {@link ExchangeEvent.Refused}.
   *
   * @param standing whether another provider could answer instead
   */
  record Ask(Provider provider, Standing standing) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.ask(provider, standing);
    }
  }

  /**
   * Begin the attempt that was let through.
   *
   * @param chosen whether its provider is the one that was chosen for the request
   */
  record Begin(Provider provider, boolean chosen) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.begin(provider, chosen);
    }
  }

  /**
   * Record how the attempt ended, for judge, breaker, books and meters, and tell that it is {@link
   * ExchangeEvent.Settled}.
   */
  record Settle(Outcome outcome) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.settle(outcome);
    }
  }

  /** The attempt has shown what the trial of a half-open breaker is for. */
  record Prove() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.prove();
    }
  }

  /** End the attempt: its connection, its response, and the hints that came before that. */
  record Leave() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.leave();
    }
  }

  /** Pass the response to the client. */
  record Relay() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.relay();
    }
  }

  /**
   * Read the response whole, for it may have to be passed on later.
   *
   * @param headAtLeast whether its head is kept, whatever comes of its body
   */
  record Keep(boolean headAtLeast) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.keep(headAtLeast);
    }
  }

  /** Hold the preamble of the stream back no longer. */
  record Release() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.release();
    }
  }

  /** Pass the hints that came so far to the client. */
  record PassHints() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.passHints();
    }
  }

  /** Write the head of the response to the client. */
  record Commit() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.commit();
    }
  }

  /** Record the time of the first content. */
  record RecordContent() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.recordContent();
    }
  }

  /** Nobody waits for a provider any more. */
  record End() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.end();
    }
  }

  /** The client has been given all of the response. */
  record Finish() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.finish();
    }
  }

  /** Pass the last response that was kept. */
  record PassKept() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.passKept();
    }
  }

  /** Answer with an error of our own. */
  record GiveUp(ErrorCode code, Provider provider, Outcome outcome) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.giveUp(code, provider, outcome);
    }
  }

  /** End a response of which the client has a part, so that it cannot be taken for the whole. */
  record CutShort(Outcome outcome, ErrorForm form) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.cutShort(outcome, form);
    }
  }

  /** Refuse the request: its body has not come in time. */
  record RefuseLate() implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.refuseLate();
    }
  }

  /** Count a retry. */
  record CountRetry(Provider provider) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.countRetry(provider);
    }
  }

  /** Count a failover. */
  record CountFailover(Outcome outcome) implements ExchangeEffect {
    @Override
    public void by(ExchangeEffects runner) {
      runner.countFailover(outcome);
    }
  }
}
