package com.huntaze.rollout.exchange;

import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.provider.Provider;
import java.util.List;

/**
 * The record of one exchange, however it ended: who asked, who answered, how long it took, what it
 * used and what it cost. Made once for each request; it holds nothing of what was said.
 *
 * @param endedAt wall clock in milliseconds
 * @param correlationId under which it is found again
 * @param trace the W3C trace that it belongs to, {@code null} = none
 * @param span the proxy's own span in it, {@code null} = tracing is off
 * @param sampled whether that span is recorded, so that it will be found
 * @param request what was asked for
 * @param caller who asked
 * @param provider who answered or was asked last, {@code null} = nobody was
 * @param reason why that provider, {@code null} = nobody was asked
 * @param fallback whether legacy served instead of Foundry
 * @param served what the answer tells of itself
 * @param status the status that the client was sent, 0 = none
 * @param ending how it ended: {@code complete}, {@code client_gone}, {@code upstream_failed},
 *     {@code refused}
 * @param outcome what became of the last attempt, {@code null} = nobody was asked
 * @param attempts how many attempts were made
 * @param latencyNanos from its first byte to its end
 * @param firstContentNanos from its first byte to the answer's first content, -1 = none came
 * @param overheadNanos of that time, what neither client nor provider took; -1 = not known
 * @param charges a row for each attempt that may have cost money
 */
public record ExchangeRecord(
    long endedAt,
    String correlationId,
    String trace,
    String span,
    boolean sampled,
    Request request,
    Caller caller,
    Provider provider,
    String reason,
    boolean fallback,
    Served served,
    int status,
    String ending,
    String outcome,
    int attempts,
    long latencyNanos,
    long firstContentNanos,
    long overheadNanos,
    List<Charge> charges) {
  private static final int LONGEST = 120;
  private static final int MOST_CHARGES = 16;

  /**
   * The request.
   *
   * @param route the route's name, of a closed set: never the path
   * @param model the model that was asked for, {@code null} = none was named
   * @param origin the place that it came from
   */
  public record Request(
      String method, String path, String route, String model, long bytes, Origin origin) {
    /** A request for no model, of whose origin nothing is known. */
    public Request(String method, String path, String route, long bytes) {
      this(method, path, route, null, bytes, Origin.UNKNOWN);
    }
  }

  /**
   * The place that a request came from; {@code null} = not told.
   *
   * @param address the client's IP address: the peer's, or the one that a trusted peer names
   * @param userAgent its {@code User-Agent}, as it was sent
   * @param userHash 16 hexadecimal digits that stand for the key of its user
   */
  public record Origin(String address, String userAgent, String userHash) {
    public static final Origin UNKNOWN = new Origin(null, null, null);
  }

  /**
   * The answer's own account of itself; {@code null} = not told.
   *
   * @param stream whether it is an event stream
   * @param ids the provider's own ids of it
   */
  public record Served(
      String model, String deployment, String region, boolean stream, UpstreamIds ids) {
    public static final Served NOTHING = new Served(null, null, null, false);

    /** An answer that tells no id of its own. */
    public Served(String model, String deployment, String region, boolean stream) {
      this(model, deployment, region, stream, UpstreamIds.NONE);
    }
  }

  /**
   * The ids under which a provider's support finds a request; {@code null} = not told.
   *
   * @param request its {@code x-request-id}
   * @param gateway its {@code apim-request-id}: Azure's gateway in front of it
   */
  public record UpstreamIds(String request, String gateway) {
    public static final UpstreamIds NONE = new UpstreamIds(null, null);
  }

  /**
   * Returns the model that answered, or where the answer tells of none, as errors do, the one that
   * was asked for; {@code null} = neither is known.
   */
  public String model() {
    return served.model() == null ? request.model() : served.model();
  }

  /** Returns whether the client felt a provider's failure: a status of 500 or more, or a cut. */
  public boolean failed() {
    return ending.equals("upstream_failed") || ending.equals("complete") && status >= 500;
  }

  /**
   * The same with no text of a stranger's longer than {@value #LONGEST} characters: what many
   * thousands are kept of must not be as large as clients want it. Nearly always that is this one.
   */
  ExchangeRecord bounded() {
    return isSmall() ? this : cut();
  }

  private boolean isSmall() {
    boolean small =
        fits(correlationId)
            && fits(trace)
            && fits(request.method())
            && fits(request.path())
            && fits(request.model())
            && fits(request.origin().userAgent())
            && fits(request.origin().address())
            && fits(caller.agent())
            && fits(caller.tier())
            && fits(served.ids().request())
            && fits(served.ids().gateway())
            && fits(served.model(), served.deployment(), served.region())
            && charges.size() <= MOST_CHARGES;
    for (int i = 0; small && i < charges.size(); i++) {
      Charge charge = charges.get(i);
      small = fits(charge.model(), charge.deployment(), charge.region());
    }
    return small;
  }

  private static boolean fits(String model, String deployment, String region) {
    return fits(model) && fits(deployment) && fits(region);
  }

  private static boolean fits(String text) {
    return text == null || text.length() <= LONGEST;
  }

  private ExchangeRecord cut() {
    Origin origin = request.origin();
    UpstreamIds ids = served.ids();
    return new ExchangeRecord(
        endedAt,
        cut(correlationId),
        cut(trace),
        span,
        sampled,
        new Request(
            cut(request.method()),
            cut(request.path()),
            request.route(),
            cut(request.model()),
            request.bytes(),
            new Origin(cut(origin.address()), cut(origin.userAgent()), origin.userHash())),
        new Caller(caller.keyId(), cut(caller.tier()), cut(caller.agent())),
        provider,
        reason,
        fallback,
        new Served(
            cut(served.model()),
            cut(served.deployment()),
            cut(served.region()),
            served.stream(),
            new UpstreamIds(cut(ids.request()), cut(ids.gateway()))),
        status,
        ending,
        outcome,
        attempts,
        latencyNanos,
        firstContentNanos,
        overheadNanos,
        charges.stream().limit(MOST_CHARGES).map(ExchangeRecord::bounded).toList());
  }

  private static Charge bounded(Charge charge) {
    return new Charge(
        charge.provider(),
        cut(charge.model()),
        cut(charge.deployment()),
        cut(charge.region()),
        charge.usage(),
        charge.cost());
  }

  private static String cut(String text) {
    return fits(text) ? text : text.substring(0, LONGEST - 1) + "…";
  }

  /** Returns the cost of all attempts together. */
  public Cost cost() {
    Cost sum = Cost.ZERO;
    for (Charge charge : charges) {
      sum = sum.plus(charge.cost());
    }
    return sum;
  }

  /** Returns the usage of the last attempt that told it, {@code null} = none did. */
  public Usage usage() {
    Usage last = null;
    for (Charge charge : charges) {
      last = charge.usage() == null ? last : charge.usage();
    }
    return last;
  }
}
