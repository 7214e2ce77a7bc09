package com.huntaze.rollout.exchange;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;

/** Carries out the effects of an exchange, one method each; see {@link ExchangeEffect}. */
public interface ExchangeEffects {
  void ask(Provider provider, Standing standing);

  void begin(Provider provider, boolean chosen);

  void settle(Outcome outcome);

  void prove();

  void leave();

  void relay();

  void keep(boolean headAtLeast);

  void release();

  void passHints();

  void commit();

  void recordContent();

  void end();

  void finish();

  void passKept();

  void giveUp(ErrorCode code, Provider provider, Outcome outcome);

  void cutShort(Outcome outcome, ErrorForm form);

  void refuseLate();

  void countRetry(Provider provider);

  void countFailover(Outcome outcome);
}
