package com.huntaze.rollout.cluster;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import com.huntaze.rollout.settings.TlsSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Replicas that are one rollout.
 *
 * @param name of the cluster; members of another name are strangers
 * @param bind the address that the other replicas reach
 * @param port of {@code bind}
 * @param discovery the way to the other replicas
 * @param tls our certificate, and the authority of all members; null only on loopback
 * @param lease what tells who leads
 * @param voters who decides about it with the lease {@code raft}, else empty
 * @param member this one's name among them, or null
 */
public record ClusterSettings(
    @Setting(
            value =
                "The cluster's name. Each member's certificate must carry it as a DNS name; members"
                    + " of another name are strangers.",
            byDefault = "'rollout'",
            pattern = Forms.NAME,
            expected = Forms.NAME_WORDS)
        String name,
    @Setting(
            value =
                "The address of this replica that the others reach, such as `${POD_IP}`, or the"
                    + " network in which it is the machine's only one, such as `10.0.0.0/16`; no"
                    + " wildcard.",
            byDefault = "'127.0.0.1'",
            pattern = Forms.HOST_OR_NETWORK,
            expected = Forms.HOST_OR_NETWORK_WORDS)
        String bind,
    @Setting(
            value = "The port on which the other replicas reach this one: the cluster's only one.",
            byDefault = "7800",
            min = "1",
            max = "65535")
        int port,
    @Setting("The way to the other replicas: `static` or `dns`.") DiscoverySettings discovery,
    @Setting(
            value =
                "TLS between the members, always with certificates of both sides, whatever"
                    + " `clientAuth` says. null is plain TCP, which only a loopback `bind` may have.",
            byDefault = "null")
        TlsSettings tls,
    @Setting(
            value =
                "What tells who leads. `directory`: the `state.dir`, which all members share."
                    + " `raft`: a majority of `voters`; each member has a `state.dir` of its own.",
            byDefault = "'directory'",
            pattern = "^(directory|raft)$",
            expected = "directory or raft")
        String lease,
    @Setting(
            value =
                "With the lease `raft`: the names of the three or five members that vote, the same"
                    + " list at all. Other members follow, and never lead.",
            byDefault = "[]",
            pattern = Forms.NAME,
            expected = Forms.NAME_WORDS)
        List<String> voters,
    @Setting(
            value =
                "With the lease `raft`: this member's own name, such as `${HOSTNAME}` in a"
                    + " StatefulSet. One that is not among `voters` does not vote.",
            byDefault = "null",
            pattern = Forms.NAME,
            expected = Forms.NAME_WORDS)
        String member)
    implements Checked {
  private static final String RAFT = "raft";

  /** Copies the list, so that the record never changes. */
  public ClusterSettings {
    voters = List.copyOf(voters);
  }

  /** Every address of a network that begins with a loopback's and has 8 bits is one, or more. */
  private boolean isLoopback() {
    int slash = bind.indexOf('/');
    return slash < 0
        ? IpAddresses.isLoopback(bind)
        : IpAddresses.isLoopback(bind.substring(0, slash))
            && Integer.parseInt(bind.substring(slash + 1)) >= 8;
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    if (IpAddresses.isWildcard(bind)) {
      problems.add(
          new Problem("bind", '"' + bind + '"', "the one address that the other replicas reach"));
    }
    if (bind.indexOf('/') >= 0 && !IpAddresses.isNetwork(bind)) {
      problems.add(new Problem("bind", '"' + bind + '"', Forms.HOST_OR_NETWORK_WORDS));
    } else if (tls == null && !isLoopback()) {
      problems.add(
          new Problem(
              "tls",
              "null",
              "certificate, key and ca, because cluster.bind %s is reached by others"
                  .formatted(bind)));
    }
    if (tls != null && tls.ca() == null) {
      problems.add(new Problem("tls.ca", "missing", "the authority that signs all members"));
    }
    if (tls != null && tls.certificate() == null) {
      problems.add(
          new Problem("tls.certificate", "missing", "a file, because members show one each"));
    }
    problems.addAll(votingProblems());
    return problems;
  }

  private List<Problem> votingProblems() {
    List<Problem> problems = new ArrayList<>();
    boolean votes = lease.equals(RAFT);
    int size = voters.size();
    if (votes && size != 3 && size != 5) {
      // Of an even number more have to be there for a majority, and no more may be missing.
      problems.add(new Problem("voters", size + " of them", "3 or 5, for the lease raft"));
    }
    if (!votes && size > 0) {
      problems.add(
          new Problem("voters", size + " of them", "none, for the lease %s".formatted(lease)));
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < size; i++) {
      if (!names.add(voters.get(i))) {
        problems.add(
            new Problem("voters[%d]".formatted(i), quoted(voters.get(i)), "each of them once"));
      }
    }
    if (votes && member == null) {
      problems.add(new Problem("member", "missing", "the name of this member, for the lease raft"));
    }
    return problems;
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
