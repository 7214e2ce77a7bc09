package com.huntaze.rollout.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;
import io.netty.resolver.dns.NoopDnsCache;
import java.net.InetAddress;
import java.util.List;

/**
 * The shortest TTL of the records that one look-up came by, aliases included. Netty tells TTLs to
 * its caches alone, so this one stands in their place, and keeps nothing else.
 */
final class ShortestTtl implements DnsCache, DnsCnameCache {
  private long seconds = Long.MAX_VALUE;

  /** In milliseconds; 0 when no record was seen. */
  long millis() {
    return seconds == Long.MAX_VALUE ? 0 : Math.max(0, seconds) * 1_000;
  }

  @Override
  public DnsCacheEntry cache(
      String name, DnsRecord[] additionals, InetAddress address, long ttl, EventLoop loop) {
    seconds = Math.min(seconds, ttl);
    return NoopDnsCache.INSTANCE.cache(name, additionals, address, ttl, loop);
  }

  @Override
  public void cache(String name, String alias, long ttl, EventLoop loop) {
    seconds = Math.min(seconds, ttl);
  }

  @Override
  public DnsCacheEntry cache(
      String name, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
    return null;
  }

  @Override
  public List<? extends DnsCacheEntry> get(String name, DnsRecord[] additionals) {
    return List.of();
  }

  @Override
  public String get(String name) {
    return null;
  }

  @Override
  public void clear() {
    // There is nothing.
  }

  @Override
  public boolean clear(String name) {
    return false;
  }
}
