package com.huntaze.rollout.judge.difference;

/**
 * Foundry's users beside legacy's, by one trait, at the last look.
 *
 * @param foundry Foundry's side
 * @param legacy legacy's, of the same time
 * @param earlier whether legacy's side is that of the stage before, because it serves nobody now
 * @param lnChance ln of a bound on the chance that groups of users who are alike look like this,
 *     the one user who speaks most for it left out; 0 = nothing speaks for a difference
 * @param lnNeeded ln of the chance from which on it is believed
 * @param ofOneKey whether it would be one, and is not without the users of one API key
 * @param recovery what ends the finding that Foundry is worse; {@link Recovery#NONE} = it is not
 */
public record Difference(
    Trait trait,
    Side foundry,
    Side legacy,
    boolean earlier,
    double lnChance,
    double lnNeeded,
    boolean ofOneKey,
    Recovery recovery) {

  /**
   * One side.
   *
   * @param users who had any exchange with a figure
   * @param having of these, those with at least one hit; of means, all
   * @param exchanges of these users
   * @param figure the mean over the users: of shares a share 0..1; of amounts their geometric mean,
   *     milliseconds, tokens or nano-USD
   * @param variance of the users' figures: of shares; of amounts of ln(1 + amount)
   */
  public record Side(int users, int having, long exchanges, double figure, double variance) {
    static final Side NONE = new Side(0, 0, 0, 0, 0);
  }

  /**
   * The way out of a finding.
   *
   * @param awaited Foundry's further exchanges that must be within what is allowed
   * @param seen how many there have been
   */
  public record Recovery(long awaited, long seen) {
    static final Recovery NONE = new Recovery(0, 0);
  }

  /** Tells whether Foundry's users are worse off: by more than chance and more than is allowed. */
  public boolean worse() {
    return recovery.awaited() > 0;
  }

  /** Returns how far Foundry's figure is from legacy's: of shares 0..1, else in factors of e. */
  public double distance() {
    return trait.isShare()
        ? foundry.figure() - legacy.figure()
        : Math.abs(Math.log1p(foundry.figure()) - Math.log1p(legacy.figure()));
  }

  Difference recovering(long seen) {
    Recovery further = new Recovery(recovery.awaited(), seen);
    return new Difference(trait, foundry, legacy, earlier, lnChance, lnNeeded, false, further);
  }

  static Difference none(Trait trait) {
    return new Difference(trait, Side.NONE, Side.NONE, false, 0, 0, false, Recovery.NONE);
  }

  /** Tells whether there are enough users on both sides for any look. */
  public boolean isLookedAt() {
    return lnNeeded < 0;
  }
}
