package com.huntaze.rollout.dns;

import com.huntaze.rollout.address.DnsSettings;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.FutureListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The way from a name to its addresses: the {@code hosts} file, then name servers, which are asked
 * for A and AAAA records over UDP, and over TCP when an answer is too long. Nothing is kept between
 * two look-ups; each has a UDP port of its own, so that an answer is hard to forge.
 */
public final class Lookup {
  /** The longest time for all of it. */
  private static final long MOST_MILLIS = 5_000;

  /** After it the next name server is asked. */
  private static final long QUERY_MILLIS = 1_000;

  private static final int MOST_QUERIES = 16;

  /** The time for which the {@code hosts} file is believed before it is read again. */
  private static final long HOSTS_MILLIS = 5_000;

  private final ContextInternal context;
  private final DnsSettings settings;
  private final String host;

  private Lookup(ContextInternal context, DnsSettings settings, String host) {
    this.context = context;
    this.settings = settings;
    this.host = host;
  }

  /**
   * Looks a name up, without blocking; from any thread.
   *
   * @return its addresses, at least one; fails within 5 s when there are none, or nobody tells
   */
  public static Future<Answer> of(Vertx vertx, DnsSettings settings, String host) {
    return of(((VertxInternal) vertx).createEventLoopContext(), settings, host);
  }

  static Future<Answer> of(ContextInternal context, DnsSettings settings, String host) {
    Lookup lookup = new Lookup(context, settings, host);
    return context
        .executeBlocking(lookup::inHostsFile)
        .compose(found -> found == null ? lookup.ask() : Future.succeededFuture(found))
        .timeout(MOST_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** IPv6 only where there is no IPv4: most services of one machine listen on 127.0.0.1 alone. */
  private Answer inHostsFile() {
    HostsFileEntriesProvider file = HostsFileEntriesProvider.parser().parseSilently();
    String name = host.toLowerCase(Locale.ROOT);
    List<InetAddress> found = file.ipv4Entries().getOrDefault(name, List.of());
    if (found.isEmpty()) {
      found = file.ipv6Entries().getOrDefault(name, List.of());
    }
    if (found.isEmpty() && name.equals("localhost")) {
      // RFC 6761, 6.3: no name server is asked for it.
      return new Answer(List.of("127.0.0.1"), HOSTS_MILLIS, "this machine");
    }
    return found.isEmpty() ? null : new Answer(literals(found), HOSTS_MILLIS, "the hosts file");
  }

  private Future<Answer> ask() {
    ShortestTtl ttl = new ShortestTtl();
    Promise<List<InetAddress>> found = context.promise();
    return context
        .executeBlocking(() -> resolver(ttl))
        .compose(
            resolver -> {
              resolver
                  .resolveAll(host)
                  .addListener(
                      (FutureListener<List<InetAddress>>)
                          asked -> {
                            if (asked.isSuccess()) {
                              found.tryComplete(asked.getNow());
                            } else {
                              found.tryFail(asked.cause());
                            }
                          });
              return found
                  .future()
                  .timeout(MOST_MILLIS, TimeUnit.MILLISECONDS)
                  .onComplete(done -> resolver.close());
            })
        .map(addresses -> new Answer(literals(addresses), ttl.millis(), source()));
  }

  /** On a worker: the first one of a process reads the system's configuration. */
  private DnsNameResolver resolver(ShortestTtl ttl) {
    Transport transport = context.owner().transport();
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(context.nettyEventLoop())
            .datagramChannelFactory(transport.datagramChannelFactory())
            .socketChannelFactory(
                () -> (SocketChannel) transport.channelFactory(false).newChannel())
            .resolveCache(ttl)
            .cnameCache(ttl)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .hostsFileEntriesResolver((name, types) -> null)
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .completeOncePreferredResolved(false)
            .queryTimeoutMillis(QUERY_MILLIS)
            .maxQueriesPerResolve(MOST_QUERIES);
    if (!settings.servers().isEmpty()) {
      builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers()));
    }
    return builder.build();
  }

  private List<InetSocketAddress> servers() {
    return settings.addresses().stream()
        .map(server -> new InetSocketAddress(server.host(), server.port()))
        .toList();
  }

  private String source() {
    return settings.servers().isEmpty()
        ? "the system's name servers"
        : "name server " + String.join(", ", settings.servers());
  }

  private static List<String> literals(List<InetAddress> addresses) {
    return addresses.stream().map(Lookup::literal).distinct().toList();
  }

  /** Without the name that the address was found by, and without a zone. */
  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
