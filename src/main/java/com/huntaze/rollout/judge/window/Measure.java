package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.settings.DurationText;
import java.time.Duration;

/**
 * The way in which a numerator, a denominator and a limit are compared and told. Whole numbers
 * decide.
 */
public enum Measure {
  /** A share of exchanges; the limit is in basis points. */
  SHARE {
    @Override
    public boolean exceeds(long limit, long hits, long n) {
      return Rate.exceeds(BASIS, hits, limit, n);
    }

    @Override
    public double bound(long limit) {
      return limit / (double) BASIS;
    }

    @Override
    public String over(String name, long limit, long hits, long n) {
      return "%s %s > %s, %d of %d"
          .formatted(name, text(Rate.of(hits, n), limit), limitText(limit), hits, n);
    }

    @Override
    public String under(String name, long limit, long hits, long n) {
      return "%s %s <= %s, %d of %d"
          .formatted(name, Figure.percent(Rate.of(hits, n)), limitText(limit), hits, n);
    }
  },

  /**
   * A 95th percentile of a time: it is over its limit exactly when more than 5 % of the exchanges
   * are, so these are what is counted. The limit is in milliseconds.
   */
  P95 {
    @Override
    public boolean exceeds(long limit, long hits, long n) {
      return Rate.exceeds(BASIS, hits, BEYOND_P95, n);
    }

    @Override
    public double bound(long limit) {
      return BEYOND_P95 / (double) BASIS;
    }

    @Override
    public String over(String name, long limit, long hits, long n) {
      return "%s > %s: slower %s > %s, %d of %d"
          .formatted(
              name, duration(limit), text(Rate.of(hits, n), limit), limitText(limit), hits, n);
    }

    @Override
    public String under(String name, long limit, long hits, long n) {
      return "%s %s <= %s, %d of %d"
          .formatted(
              subject(name, limit), Figure.percent(Rate.of(hits, n)), limitText(limit), hits, n);
    }

    @Override
    public String subject(String name, long limit) {
      return "slower than " + duration(limit);
    }

    @Override
    public String held(long limit) {
      return duration(limit);
    }

    @Override
    public String setting(long limit) {
      return duration(limit);
    }
  },

  /** A mean of nano-USD; the limit is in nano-USD, too. */
  MEAN_COST {
    @Override
    public boolean exceeds(long limit, long nano, long n) {
      return Rate.exceeds(1, nano, limit, n);
    }

    @Override
    public double bound(long limit) {
      return told(limit);
    }

    @Override
    public double told(double figure) {
      return figure / Thresholds.NANO;
    }

    @Override
    public String text(double figure, long limit) {
      return Figure.usd(figure, limit);
    }

    @Override
    String limitText(long limit) {
      return Figure.usd(limit);
    }

    @Override
    public String over(String name, long limit, long nano, long n) {
      return "%s %s > %s, mean of %d"
          .formatted(name, text(Rate.of(nano, n), limit), limitText(limit), n);
    }

    @Override
    public String under(String name, long limit, long nano, long n) {
      return "%s %s <= %s, mean of %d"
          .formatted(name, text(Rate.of(nano, n), limit), limitText(limit), n);
    }

    @Override
    public String evidence(String subject, String observed, String of, long limit) {
      return "%s %s, mean of %s, against a limit of %s"
          .formatted(subject, observed, of, limitText(limit));
    }

    @Override
    public String setting(long limit) {
      return Figure.usd(limit);
    }
  };

  private static final long BASIS = 10_000;
  private static final long BEYOND_P95 = 500;

  /** Tells whether numerator and denominator are strictly over the limit. */
  public abstract boolean exceeds(long limit, long numerator, long denominator);

  /** The largest healthy figure: a share 0..1, or USD. */
  public abstract double bound(long limit);

  /** The sentence of a figure over its limit. */
  public abstract String over(String name, long limit, long numerator, long denominator);

  /** The sentence of a figure that is not. */
  public abstract String under(String name, long limit, long numerator, long denominator);

  /** A quotient in the unit that is told: a share 0..1, or USD. */
  public double told(double figure) {
    return figure;
  }

  /** A quotient that must not read the same as the limit that it is over. */
  public String text(double figure, long limit) {
    return Figure.percent(figure, bound(limit));
  }

  String limitText(long limit) {
    return Figure.percent(bound(limit));
  }

  /** The subject of a sentence about evidence. */
  public String subject(String name, long limit) {
    return name;
  }

  /** The sentence of evidence, without its nats. */
  public String evidence(String subject, String observed, String of, long limit) {
    return "%s %s of %s against a limit of %s".formatted(subject, observed, of, limitText(limit));
  }

  /** The limit as people know it: a share, a time or an amount. */
  public String held(long limit) {
    return limitText(limit);
  }

  /** The limit as the configuration has it. */
  public String setting(long limit) {
    return Double.toString(bound(limit));
  }

  private static String duration(long millis) {
    return DurationText.format(Duration.ofMillis(millis));
  }
}
