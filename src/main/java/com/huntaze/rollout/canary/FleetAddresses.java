package com.huntaze.rollout.canary;

/**
 * The event-bus addresses between the rollout and the cluster's membership within one process;
 * nobody else has any business there. Without a cluster nobody answers on them.
 */
public final class FleetAddresses {
  /** Published: reports of whole processes, this one's and, where it leads, those of others. */
  public static final String ROWS = "rollout.fleet.rows";

  /** Published to the judge: exchanges of whole processes, as with {@link #ROWS}. */
  public static final String EXCHANGES = "rollout.fleet.exchanges";

  /** Published by the judge: up to which batch it has those of a process. */
  public static final String EXCHANGES_TAKEN = "rollout.fleet.exchanges.taken";

  /** Published by those who count exchanges: the slots of users that they claim. */
  public static final String SLOTS = "rollout.fleet.slots";

  /** Published to them: which slots they have got. */
  public static final String SLOTS_ANSWERED = "rollout.fleet.slots.answered";

  /** Published to the alerts: whether this replica tells people of what happens to the rollout. */
  public static final String TELLS = "rollout.fleet.tells";

  /** Published to the rollout, on every change: what the members have against a promotion. */
  public static final String HOLD = "rollout.fleet.hold";

  /** Published to the rollout, on every change: the words of another leader on what comes next. */
  public static final String LEADER_SAYS = "rollout.fleet.leader.says";

  /**
   * Published to the judge, on every change: whether it judges for a side of a parted fleet, and
   * with which share of the rollout's alpha it judges for others.
   */
  public static final String SIDE = "rollout.fleet.side";

  /** Request: what the judge of a side has found. */
  public static final String SIDE_FOUND = "rollout.fleet.side.found";

  /** Request: take in what the judge of another side has found. */
  public static final String MEET = "rollout.fleet.side.meet";

  /** Published by the rollout: what all other replicas are to hear at once. */
  public static final String NEWS = "rollout.fleet.news";

  /** Published to the rollout: news of another replica. */
  public static final String HEARD = "rollout.fleet.heard";

  /** Request: have the leader carry out this command. */
  public static final String FORWARD = "rollout.fleet.forward";

  /** Request: carry out a command that another replica has forwarded; never forwarded again. */
  public static final String ORDER = "rollout.fleet.order";

  /** Published by the rollout, on every change: whether this replica leads, and its term. */
  public static final String LEAD = "rollout.fleet.lead";

  /** Request: the same. */
  public static final String LEAD_GET = "rollout.fleet.lead.get";

  /** Request: have another replica take a judgement of an answer that it may have given. */
  public static final String RATE = "rollout.fleet.rate";

  /** Request: take a judgement that was given at another replica; never asked of others again. */
  public static final String RATE_HERE = "rollout.fleet.rate.here";

  /**
   * Request: the figures that all other replicas have of their own, or the leader alone: {@code
   * {"of", "query", "leader"}}. Without {@code of} nobody is asked.
   */
  public static final String FIGURES = "rollout.fleet.figures";

  /** Request: the books of this process, by a dimension, as they are summed up with others. */
  public static final String COSTS_HERE = "rollout.fleet.costs.here";

  /** Request: the sums of what callers think of this process's answers. */
  public static final String FEEDBACK_HERE = "rollout.fleet.feedback.here";

  /** Request: the latest requests of this process. */
  public static final String REQUESTS_HERE = "rollout.fleet.requests.here";

  /** Request: the breakers and probes of this process. */
  public static final String PROVIDERS_HERE = "rollout.fleet.providers.here";

  /** Request: what this replica has kept for the charts. */
  public static final String HISTORY_HERE = "rollout.fleet.history.here";

  /** Request: the members of the cluster. */
  public static final String GET = "rollout.cluster.get";

  private FleetAddresses() {}
}
