package com.huntaze.rollout.exchange;

import com.huntaze.rollout.Cases;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.OptionalLong;

/** Examples of events and effects, and the methods that tell next steps apart. */
public final class ExchangeCases {
  private static final Outcome DOWN = Meaning.TRANSIENT_STATUS.outcome(503);

  private ExchangeCases() {}

  public static void addTo(Cases cases) {
    events(cases);
    effects(cases);
    cases.dispatcher("ExchangeMachine.step", ExchangeEvent.class, ExchangeCases::step);
    cases.dispatcher("Course.follow", NextStep.class, each -> follow((NextStep) each));
  }

  private static void events(Cases cases) {
    cases.examples(
        new ExchangeEvent.Ready(),
        new ExchangeEvent.Admitted(),
        new ExchangeEvent.Refused(),
        new ExchangeEvent.Sent(),
        new ExchangeEvent.Settled(),
        new ExchangeEvent.Hinted(),
        new ExchangeEvent.Answered(
            DOWN, ExchangeEvent.Body.WHOLE, ErrorForm.NONE, true, OptionalLong.empty(), false),
        new ExchangeEvent.Kept(true, DOWN),
        new ExchangeEvent.Arriving(),
        new ExchangeEvent.Content(),
        new ExchangeEvent.Committing(false),
        new ExchangeEvent.Relayed(Meaning.COMPLETE.outcome()),
        new ExchangeEvent.Broken(Meaning.TRUNCATED.outcome()),
        new ExchangeEvent.Unfit(Meaning.EMPTY_ANSWER.outcome()),
        new ExchangeEvent.Lost(Meaning.RESET.outcome()),
        new ExchangeEvent.ProbeDown(Provider.FOUNDRY, 0),
        new ExchangeEvent.ProbeUp(Provider.FOUNDRY),
        new ExchangeEvent.BreakerClosed(Provider.FOUNDRY),
        new ExchangeEvent.DeadlineReached(),
        new ExchangeEvent.Stopped());
  }

  private static void effects(Cases cases) {
    cases.examples(
        new ExchangeEffect.Ask(Provider.FOUNDRY, Standing.REPLACEABLE),
        new ExchangeEffect.Begin(Provider.FOUNDRY, true),
        new ExchangeEffect.Settle(DOWN),
        new ExchangeEffect.Prove(),
        new ExchangeEffect.Leave(),
        new ExchangeEffect.Relay(),
        new ExchangeEffect.Keep(false),
        new ExchangeEffect.Release(),
        new ExchangeEffect.PassHints(),
        new ExchangeEffect.Commit(),
        new ExchangeEffect.RecordContent(),
        new ExchangeEffect.End(),
        new ExchangeEffect.Finish(),
        new ExchangeEffect.PassKept(),
        new ExchangeEffect.GiveUp(ErrorCode.TIMEOUT, Provider.FOUNDRY, DOWN),
        new ExchangeEffect.CutShort(DOWN, ErrorForm.EVENT),
        new ExchangeEffect.RefuseLate(),
        new ExchangeEffect.CountRetry(Provider.FOUNDRY),
        new ExchangeEffect.CountFailover(DOWN));
  }

  private static ExchangeDriver driver() {
    return new ExchangeDriver(
        new ExchangeWorld(0, 1),
        ExchangeWorld.limits(200),
        ExchangeWorld.terms(Provider.FOUNDRY, true, true),
        List.of());
  }

  private static void step(Object event) {
    ExchangeDriver driver = driver();
    ExchangeMachine.step(driver.state, (ExchangeEvent) event, driver.world);
  }

  private static void follow(NextStep next) throws Exception {
    ExchangeDriver driver = driver();
    driver.tell(new ExchangeEvent.Ready());
    Recourse recourse = new Recourse(driver.state, driver.world);
    HoldBack hold = new HoldBack(driver.state, driver.world);
    Course course = new Course(driver.state, driver.world, recourse, hold);
    Cases.call(course, "follow", Provider.FOUNDRY, DOWN, next);
  }
}
