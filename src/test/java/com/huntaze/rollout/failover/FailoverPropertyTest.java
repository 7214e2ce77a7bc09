package com.huntaze.rollout.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The providers that are asked for a request whatever its attempts end in. Validates: Requirements
 * 3.7, 6.4.
 */
class FailoverPropertyTest {
  private static final int MORE_THAN_ANY_REQUEST_HAS = 40;

  private final RetryPolicy retry =
      new RetryPolicy(new RetrySettings(3, Duration.ofMillis(250), 2.0, 0.1));
  private final FailoverPolicy policy =
      new FailoverPolicy(retry, retry, new Deadlines(55_000, 20_000));

  @Property(tries = 2_000)
  void asksEachProviderInItsTurnAndComesToAnEnd(
      @ForAll("outcomes") List<Outcome> outcomes,
      @ForAll boolean fallback,
      @ForAll boolean withdrawn,
      @ForAll boolean legacyOpen,
      @ForAll Provider first) {
    Journey journey = new Journey(first, fallback && first == Provider.FOUNDRY, withdrawn);
    for (int i = 0; journey.goesOn; i++) {
      assertThat(i).as("attempts and waits of one request").isLessThan(MORE_THAN_ANY_REQUEST_HAS);
      journey.ends(outcomes.get(i % outcomes.size()), legacyOpen);
    }
    assertThat(journey.failovers).isLessThanOrEqualTo(journey.fallback ? 4 : 0);
    assertThat(journey.returns == 0 || journey.fallback && !withdrawn).isTrue();
    if (first == Provider.LEGACY || !fallback) {
      assertThat(journey.others).as("attempts at another provider").isZero();
    }
  }

  @Provide
  Arbitrary<List<Outcome>> outcomes() {
    return Arbitraries.of(Outcomes.ALL).list().ofMinSize(1).ofMaxSize(20);
  }

  /** One request on its way through the policy, as a pursuit would carry it out. */
  private final class Journey {
    private final Provider chosen;
    private final boolean fallback;
    private final boolean withdrawn;
    private final int[] attempts = new int[2];
    private Provider provider;
    private boolean returned;
    private int waits;
    private int failovers;
    private int returns;
    private int others;
    private long now;
    private boolean goesOn = true;

    Journey(Provider chosen, boolean fallback, boolean withdrawn) {
      this.chosen = chosen;
      this.fallback = fallback;
      this.withdrawn = withdrawn;
      this.provider = chosen;
    }

    void ends(Outcome outcome, boolean legacyOpen) {
      now++;
      if (!(Meaning.BREAKER_OPEN.isOf(outcome))) {
        attempts[provider.ordinal()]++;
        others += provider == chosen ? 0 : 1;
      }
      NextStep step = policy.next(failed(outcome, legacyOpen), 0.5, () -> true);
      if (step instanceof NextStep.FailOver) {
        assertThat(provider).isEqualTo(Provider.FOUNDRY);
        failovers++;
        provider = Provider.LEGACY;
      } else if (step instanceof NextStep.TryFoundry) {
        assertThat(provider).isEqualTo(Provider.LEGACY);
        assertThat(attempts[Provider.FOUNDRY.ordinal()]).isZero();
        returns++;
        returned = true;
        provider = Provider.FOUNDRY;
      } else if (step instanceof NextStep.AskAgain again) {
        assertThat(outcome.meaning()).isEqualTo(Meaning.BREAKER_OPEN);
        waits++;
        now += again.delayMillis();
        returned &= again.provider() == Provider.FOUNDRY;
        provider = again.provider();
      } else {
        goesOn = step instanceof NextStep.Retry;
      }
    }

    private FailedAttempt failed(Outcome outcome, boolean legacyOpen) {
      return new FailedAttempt(
          provider,
          outcome,
          attempts[Provider.FOUNDRY.ordinal()],
          attempts[Provider.LEGACY.ordinal()],
          returned,
          waits,
          true,
          fallback,
          false,
          withdrawn,
          false,
          legacyOpen,
          false,
          false,
          OptionalLong.empty(),
          0,
          now);
    }
  }
}
