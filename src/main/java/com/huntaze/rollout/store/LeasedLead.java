package com.huntaze.rollout.store;

import com.huntaze.rollout.lease.Lease;
import java.io.IOException;

/** The lead of who holds the lease; with another term it is another lead. */
final class LeasedLead implements Lead {
  private final Lease lease;
  private long term;

  LeasedLead(Lease lease) {
    this.lease = lease;
  }

  @Override
  public boolean kept() {
    return term > 0 && lasts(term);
  }

  @Override
  public boolean hold() throws IOException {
    lease.begin();
    Lease.Standing now = lease.standing();
    term = now.holds() ? now.term() : 0;
    return now.holds();
  }

  @Override
  public long term(long next) {
    return term;
  }

  @Override
  public void confirm(long of) throws IOException {
    lease.confirm(of);
  }

  @Override
  public boolean lasts(long of) {
    Lease.Standing now = lease.standing();
    return now.holds() && now.term() == of;
  }

  @Override
  public long present() {
    return lease.standing().term();
  }

  @Override
  public boolean fences() {
    return true;
  }

  @Override
  public void giveUp() {
    lease.giveUp(term);
  }

  @Override
  public void onChange(Runnable heard) {
    lease.onChange(heard);
  }

  @Override
  public void release() {
    term = 0;
    lease.close();
  }
}
