package com.huntaze.rollout.exchange;

import com.huntaze.rollout.exchange.ExchangeDriver.Ending;
import com.huntaze.rollout.exchange.Fate.End;
import com.huntaze.rollout.exchange.Fate.Until;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.List;

/**
 * The design's failover in plain words, for closed breakers and attempts that end soon: a provider
 * is asked again while it may be, then legacy once Foundry has had its turn; what nothing follows
 * is the client's.
 */
final class ExchangeModel {
  /**
   * The fates that it knows: success, no connection, none before the head, none within, 503, a
   * response that is no answer.
   */
  static final List<Fate> FATES =
      List.of(
          new Fate(Until.HOLDING_WHOLE, End.WELL),
          new Fate(Until.ACQUIRING, End.BREAKS),
          new Fate(Until.AWAITING_HEAD, End.BREAKS),
          new Fate(Until.HOLDING_WHOLE, End.BREAKS),
          new Fate(Until.KEEPING, End.WELL),
          new Fate(Until.HOLDING_WHOLE, End.UNFIT));

  final List<Provider> attempts = new ArrayList<>();
  Ending ending;
  private final boolean fallback;
  private final boolean repeatable;
  private int budget;

  ExchangeModel(boolean fallback, boolean repeatable, int budget) {
    this.fallback = fallback;
    this.repeatable = repeatable;
    this.budget = budget;
  }

  ExchangeModel run(Provider chosen, List<Fate> fates) {
    Provider provider = chosen;
    int retries = 0;
    boolean kept = false;
    for (Fate fate : fates) {
      attempts.add(provider);
      if (fate.equals(FATES.get(0))) {
        ending = Ending.FINISHED;
        return this;
      }
      boolean unsent = fate.until() == Until.ACQUIRING;
      boolean replayable = repeatable || unsent;
      boolean canFailOver = provider == Provider.FOUNDRY && fallback && replayable;
      boolean unfit = fate.end() == End.UNFIT;
      boolean again =
          !unfit && replayable && retries < ExchangeWorld.MAX_RETRIES && !(unsent && canFailOver);
      if (again && budget > 0) {
        budget--;
        retries++;
      } else if (canFailOver) {
        provider = Provider.LEGACY;
        retries = 0;
      } else {
        boolean answers = fate.failing();
        ending = answers ? Ending.FINISHED : kept || unfit ? Ending.KEPT : Ending.GIVEN_UP;
        return this;
      }
      kept |= fate.failing() || unfit;
    }
    throw new AssertionError("not enough fates: " + fates);
  }
}
