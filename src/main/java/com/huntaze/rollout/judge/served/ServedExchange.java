package com.huntaze.rollout.judge.served;

/**
 * One exchange of which the split decides, at its end. What an override or an object that one
 * provider alone has sends somewhere is none.
 *
 * @param share the share that was in force when it began
 * @param user hash of its user, as the judge tells users apart
 */
public record ServedExchange(Share share, long user, Serving serving) {

  /**
   * A share that was set.
   *
   * @param epoch the rollout, {@code n-creatorId}
   * @param stage the stage's tag
   * @param percentage Foundry's share, 0..100
   * @param number counts the changes of the epoch: of two shares the larger is the newer
   */
  public record Share(String epoch, int stage, int percentage, long number) {
    /** Before any was set. */
    public static final Share NONE = new Share("", -1, 0, -1);

    /** Tells whether both set the same, whatever else has changed in between. */
    boolean isAs(Share other) {
      return percentage == other.percentage && stage == other.stage && epoch.equals(other.epoch);
    }
  }
}
