package com.huntaze.rollout.cluster;

import com.huntaze.rollout.settings.ListenException;
import com.huntaze.rollout.tls.MutualTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLServerSocket;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.dns.DNSResolver;
import org.jgroups.protocols.dns.DNS_PING;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.util.DefaultSocketFactory;

/**
 * The members of a cluster, and messages among them, over TCP on one port. All that JGroups does is
 * done on threads of its own: what is sent waits in a bounded queue, what comes is told on its
 * threads.
 *
 * <p>A member that dies is seen by the end of its connections, one that stands still by its missing
 * heartbeats. FD_SOCK2 would see the first as well, but on a port of its own without TLS.
 */
final class ClusterChannel {
  private static final int MOST_WAITING = 1_024;
  private static final long HEARTBEAT_MILLIS = 700;
  private static final long SILENT_MILLIS = 3_500;
  private static final long VERIFY_MILLIS = 500;
  private static final int CONNECT_MILLIS = 500;
  private static final int MOST_THREADS = 32;

  /** The receivers of what happens; called on threads of JGroups. */
  record Listeners(BiConsumer<Address, byte[]> received, Consumer<List<Address>> members) {}

  private final JChannel channel;
  private final VotingStack voting;
  private final String place;
  private final ThreadPoolExecutor sender;
  private final LongAdder unsent = new LongAdder();

  /**
   * Opens nothing yet.
   *
   * @param tls {@code null} = plain TCP
   * @param name of this member, for logs
   * @param voting the voters' part, {@code null} = none vote
   */
  ClusterChannel(
      ClusterSettings settings, MutualTls tls, String name, Listeners listeners, VotingStack voting)
      throws Exception {
    this.voting = voting;
    place =
        voting == null || !settings.voters().contains(settings.member())
            ? own(settings).getHostAddress() + ":" + settings.port()
            : settings.member();
    channel = new JChannel(stack(settings, tls, voting));
    if (voting != null) {
      voting.on(channel);
    }
    channel.setName(name);
    channel.setReceiver(
        new Receiver() {
          @Override
          public void receive(Message message) {
            if (message instanceof BytesMessage bytes && bytes.hasArray()) {
              int from = bytes.getOffset();
              byte[] frame = Arrays.copyOfRange(bytes.getArray(), from, from + bytes.getLength());
              listeners.received().accept(message.getSrc(), frame);
            }
          }

          @Override
          public void viewAccepted(View view) {
            listeners.members().accept(List.copyOf(view.getMembers()));
          }
        });
    sender =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "cluster-sender");
              thread.setDaemon(true);
              return thread;
            },
            (task, full) -> unsent.increment());
  }

  static List<Protocol> stack(ClusterSettings settings, MutualTls tls, VotingStack voting)
      throws Exception {
    TCP tcp = new TCP();
    InetAddress own = own(settings);
    tcp.setBindAddress(own).setBindPort(settings.port()).setPortRange(0);
    // Where a machine has several networks, the cluster's stays in its own, in both directions.
    tcp.setClientBindAddr(own);
    tcp.setSockConnTimeout(CONNECT_MILLIS);
    tcp.enableSuspectEvents(true).logDetails(false);
    tcp.nonBlockingSends(true).logAcceptError(false);
    tcp.getThreadPool().setMinThreads(0).setMaxThreads(MOST_THREADS).setThreadDumpsEnabled(false);
    if (tls != null) {
      tcp.setSocketFactory(secured(tls));
    }
    Protocol nakack = new NAKACK2().useMcastXmit(false);
    List<Protocol> stack = new ArrayList<>();
    stack.add(tcp);
    stack.add(discovery(settings));
    stack.add(new MERGE3().setMinInterval(1_000).setMaxInterval(3_000));
    stack.add(new FD_ALL3().setTimeout(SILENT_MILLIS).setInterval(HEARTBEAT_MILLIS));
    stack.add(new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS));
    stack.add(nakack);
    stack.add(new UNICAST3());
    stack.add(new STABLE());
    if (voting != null) {
      stack.add(voting.below());
    }
    stack.add(new GMS().printLocalAddress(false).setJoinTimeout(1_000).setLeaveTimeout(1_000));
    stack.add(new UFC());
    stack.add(new MFC());
    stack.add(new FRAG4());
    if (voting != null) {
      stack.addAll(voting.above());
    }
    return stack;
  }

  private static InetAddress own(ClusterSettings settings) {
    try {
      return OwnAddress.of(settings.bind());
    } catch (IOException none) {
      throw new ListenException("cluster.bind", settings.bind(), settings.port(), none);
    }
  }

  private static DefaultSocketFactory secured(MutualTls tls) throws GeneralSecurityException {
    DefaultSocketFactory sockets = new DefaultSocketFactory(tls.context());
    sockets.setServerSocketConfigurator(
        socket -> ((SSLServerSocket) socket).setNeedClientAuth(true));
    return sockets;
  }

  private static Protocol discovery(ClusterSettings settings) {
    DiscoverySettings discovery = settings.discovery();
    if (discovery.dns() == null) {
      List<InetSocketAddress> hosts =
          discovery.addresses().stream()
              .map(each -> new InetSocketAddress(each.host(), each.port()))
              .toList();
      return new TCPPING().<TCPPING>setInitialHosts(hosts).setPortRange(0);
    }
    return new DNS_PING()
        .setDNSQuery(discovery.dns())
        .setDNSResolver(new SystemNames(settings.port()));
  }

  /** The system's resolver, with its hosts file, instead of JNDI. */
  private record SystemNames(int port) implements DNSResolver {
    @Override
    public List<Address> resolveIps(String name, DNSRecordType type) {
      try {
        return Arrays.stream(InetAddress.getAllByName(name))
            .<Address>map(address -> new IpAddress(address, port))
            .toList();
      } catch (UnknownHostException unknown) {
        return List.of();
      }
    }
  }

  /**
   * Joins the members that are found, or is the first one. Blocks for a second or two.
   *
   * @return false if the others still take this voter for its process before: to be tried again
   */
  boolean connect(String cluster) throws Exception {
    try {
      channel.connect(cluster);
      if (voting != null) {
        voting.joined();
      }
      return true;
    } catch (SecurityException refused) {
      if (voting == null) {
        throw refused;
      }
      voting.beginAgain();
      return false;
    }
  }

  /** The milliseconds for which the disk has taken no entry of the voters' log in time. */
  long waitsMillis() {
    return voting == null ? 0 : voting.waitsMillis();
  }

  /** Returns whether the voters' log is to be opened anew. Blocks. */
  boolean isMended() throws IOException {
    return voting != null && voting.isMended();
  }

  /** The voter's name, or the address and the port: one process has it at a time. */
  String place() {
    return place;
  }

  /** This member; {@code null} = not connected. */
  Address own() {
    return channel.getAddress();
  }

  /**
   * Sends later; what does not fit is counted and lost.
   *
   * @param to {@code null} = all others
   */
  void send(Address to, byte[] frame) {
    sender.execute(
        () -> {
          try {
            channel.send(new BytesMessage(to, frame).setFlag(Message.TransientFlag.DONT_LOOPBACK));
          } catch (Exception notConnected) {
            unsent.increment();
          }
        });
  }

  /** Returns the number of frames that were not sent. */
  long unsent() {
    return unsent.sum();
  }

  /** Leaves in order. Blocks for up to a second. */
  void close() {
    sender.shutdown();
    try {
      sender.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    sender.shutdownNow();
    channel.close();
    if (voting != null) {
      voting.close();
    }
  }
}
