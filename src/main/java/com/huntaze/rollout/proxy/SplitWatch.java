package com.huntaze.rollout.proxy;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.ServedExchanges;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.provider.Provider;

/** One exchange of which the split decides: who has served it in the end. */
final class SplitWatch {
  /** Of an exchange of which it does not. */
  static final SplitWatch NONE = new SplitWatch(null, null);

  private final Share share;
  private final ServedExchanges served;
  private boolean asked;
  private boolean instead;

  /**
   * @param share the share that is in force as it begins; {@code null} = the split does not decide
   * @param served takes it when it has ended
   */
  SplitWatch(Share share, ServedExchanges served) {
    this.share = share;
    this.served = served;
  }

  /**
   * An attempt begins.
   *
   * @param chosen whether it is made at the provider that the split chose
   */
  void attempt(boolean chosen) {
    if (share != null) {
      asked |= chosen;
      instead |= !chosen;
    }
  }

  /** The exchange has ended; where nobody was asked, nobody served. */
  void ended(Compared.Origin origin) {
    if (share != null && (asked || instead)) {
      served.add(new ServedExchange(share, origin.user(), serving(origin.provider())));
    }
  }

  private Serving serving(Provider chosen) {
    if (chosen == Provider.LEGACY) {
      return Serving.LEGACY;
    } else if (instead) {
      return asked ? Serving.FAILED_OVER : Serving.NOT_ASKED;
    }
    return Serving.FOUNDRY;
  }
}
