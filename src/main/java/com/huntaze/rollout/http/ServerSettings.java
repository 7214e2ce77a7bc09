package com.huntaze.rollout.http;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import com.huntaze.rollout.settings.TlsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The data port: where it listens and what it takes.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param eventLoops the event loops; 0 is one per processor
 * @param maxInFlight the most requests at a time, in the process
 * @param maxConnections the most client connections, in the process
 * @param maxBodyBytes the largest request body
 * @param maxHeaderBytes the largest request head
 * @param maxHeaderFields the most header fields of a request
 * @param headerTimeout how long a client may take to send a request head
 * @param replayBytes the largest body that is kept so that it can be sent again
 * @param replayBytesTotal the most memory for such bodies, in the process
 * @param bufferBytesTotal the most memory for all that waits for clients, in the process; 0 is a
 *     quarter of the heap
 * @param writeTimeout how long a client may take nothing of an answer that waits for it
 * @param holdBackBytes the most bytes of a stream's preamble that are held back
 * @param holdBack the longest time that a preamble, or JSON of unknown length, is held back
 * @param holdJsonBytes the largest JSON answer that is held whole
 * @param trustedPeers addresses and networks whose forwarding headers are believed
 * @param cors the pages of other origins that may call
 * @param tls TLS for the port, or null for plain HTTP
 */
public record ServerSettings(
    @Setting(
            value = "The address to listen on.",
            byDefault = "'0.0.0.0'",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        String host,
    @Setting(value = "The port; 0 takes a free one.", byDefault = "8080", min = "0", max = "65535")
        int port,
    @Setting(
            value = "The event loops; 0 is one per processor.",
            byDefault = "0",
            min = "0",
            max = "1024")
        int eventLoops,
    @Setting(
            value = "The most requests at a time; more are answered 503.",
            byDefault = "20000",
            min = "1",
            max = "10000000")
        int maxInFlight,
    @Setting(
            value = "The most client connections at a time.",
            byDefault = "50000",
            min = "1",
            max = "10000000")
        int maxConnections,
    @Setting(
            value = "The largest request body; a larger one is answered 413.",
            byDefault = "33554432",
            min = "1",
            max = "1099511627776",
            unit = "bytes")
        long maxBodyBytes,
    @Setting(
            value = "The largest request head, whichever version brings it.",
            byDefault = "32768",
            min = "1024",
            max = "1048576",
            unit = "bytes")
        int maxHeaderBytes,
    @Setting(
            value = "The most header fields of a request; more are answered 431.",
            byDefault = "200",
            min = "10",
            max = "10000")
        int maxHeaderFields,
    @Setting(
            value = "How long a client may take to send a request head.",
            byDefault = "'10s'",
            min = "10ms",
            max = "10m")
        Duration headerTimeout,
    @Setting(
            value =
                "The largest body that is kept so that it can be sent again; larger ones stream and"
                    + " are not replayed. 0 keeps none.",
            byDefault = "1048576",
            min = "0",
            max = "1073741824",
            unit = "bytes")
        int replayBytes,
    @Setting(
            value = "The most memory for bodies kept to be sent again; not below `replayBytes`.",
            byDefault = "268435456",
            min = "0",
            max = "1099511627776",
            unit = "bytes")
        long replayBytesTotal,
    @Setting(
            value =
                "The most memory for all that waits for clients: parts of answers that they have"
                    + " not taken, answers that are held, and half of it at most for bodies kept"
                    + " to be sent again. 0 is a quarter of the heap.",
            byDefault = "0",
            min = "0",
            max = "1099511627776",
            unit = "bytes")
        long bufferBytesTotal,
    @Setting(
            value =
                "How long a client may take nothing of an answer that waits for it; then it is"
                    + " cut.",
            byDefault = "'60s'",
            min = "1s",
            max = "1h")
        Duration writeTimeout,
    @Setting(
            value = "The most bytes of a stream's preamble that are held back.",
            byDefault = "65536",
            min = "1",
            max = "16777216",
            unit = "bytes")
        int holdBackBytes,
    @Setting(
            value =
                "The longest time that a stream's preamble, or JSON of unknown length, is held back.",
            byDefault = "'2s'",
            min = "0s",
            max = "1m")
        Duration holdBack,
    @Setting(
            value = "The largest JSON answer that is held whole; a larger one streams.",
            byDefault = "262144",
            min = "1",
            max = "16777216",
            unit = "bytes")
        int holdJsonBytes,
    @Setting(
            value =
                "Addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-*` are believed. `Forwarded`"
                    + " is believed of nobody.",
            byDefault = "[]",
            pattern = Forms.NETWORK,
            expected = Forms.NETWORK_WORDS)
        List<String> trustedPeers,
    @Setting("The pages of other origins that may call.") CorsSettings cors,
    @Setting(value = "TLS for the port; null is plain HTTP.", byDefault = "null") TlsSettings tls)
    implements Checked {
  /** Copies the list, so that the record never changes. */
  public ServerSettings {
    trustedPeers = List.copyOf(trustedPeers);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    if (replayBytesTotal < replayBytes) {
      String expectation = "at least replayBytes, " + replayBytes;
      problems.add(new Problem("replayBytesTotal", Long.toString(replayBytesTotal), expectation));
    }
    if (tls != null && tls.certificate() == null) {
      problems.add(new Problem("tls.certificate", "missing", "a file, because tls is set"));
    }
    problems.addAll(IpAddresses.networkProblems("trustedPeers", trustedPeers));
    return problems;
  }
}
