package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server that tells the same of every name: A and AAAA records over UDP (RFC 1035, 4.1), or
 * an error, or nothing.
 */
final class NameServer implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int TYPE_AAAA = 28;
  private static final int HEADER_BYTES = 12;

  /** The way in which it takes a question; the code is the response's. */
  enum Mood {
    ANSWERS(0),
    SERVFAIL(2),
    NXDOMAIN(3),
    SILENT(0);

    private final int code;

    Mood(int code) {
      this.code = code;
    }
  }

  private final DatagramSocket socket;
  private final AtomicInteger questions = new AtomicInteger();
  private volatile Mood mood = Mood.ANSWERS;
  private volatile Duration delay = Duration.ZERO;
  private volatile int ttlSeconds;
  private volatile List<String> addresses;

  NameServer(int ttlSeconds, String... addresses) {
    tell(ttlSeconds, addresses);
    try {
      socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    Thread thread = new Thread(this::serve, "name-server");
    thread.setDaemon(true);
    thread.start();
  }

  void tell(int newTtlSeconds, String... newAddresses) {
    ttlSeconds = newTtlSeconds;
    addresses = List.of(newAddresses);
  }

  void become(Mood newMood) {
    mood = newMood;
  }

  /** Answers later from now on. */
  void delay(Duration time) {
    delay = time;
  }

  /** The number of A records that were asked for. */
  int questions() {
    return questions.get();
  }

  /** Waits for so many more questions, each of which shows that the one before has ended. */
  void awaitQuestions(int more) {
    int until = questions() + more;
    Waits.until(() -> questions() >= until);
  }

  /** The {@code dns} of a configuration that asks it. */
  JsonObject settings() {
    return new JsonObject()
        .put("servers", new JsonArray().add("127.0.0.1:" + socket.getLocalPort()));
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] bytes = new byte[1_500];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        socket.receive(packet);
        byte[] question = Arrays.copyOf(bytes, packet.getLength());
        if (type(question) == TYPE_A) {
          questions.incrementAndGet();
        }
        Waits.pause(delay);
        if (mood != Mood.SILENT) {
          byte[] answer = answer(question);
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException closedByTest) {
      // the test is over
    }
  }

  private static int end(byte[] question) {
    int at = HEADER_BYTES;
    while (question[at] != 0) {
      at += question[at] + 1;
    }
    return at + 5;
  }

  private static int type(byte[] question) {
    int end = end(question);
    return (question[end - 4] & 255) << 8 | question[end - 3] & 255;
  }

  private byte[] answer(byte[] question) throws IOException {
    int type = type(question);
    List<InetAddress> told = mood == Mood.ANSWERS ? of(type) : List.of();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(question, 0, 2);
    out.writeShort(0x8180 | mood.code);
    out.writeShort(1);
    out.writeShort(told.size());
    out.writeInt(0);
    out.write(question, HEADER_BYTES, end(question) - HEADER_BYTES);
    for (InetAddress address : told) {
      // The name is the question's.
      out.writeShort(0xc000 | HEADER_BYTES);
      out.writeShort(type);
      out.writeShort(1);
      out.writeInt(ttlSeconds);
      out.writeShort(address.getAddress().length);
      out.write(address.getAddress());
    }
    return bytes.toByteArray();
  }

  private List<InetAddress> of(int type) throws IOException {
    int length = type == TYPE_A ? 4 : type == TYPE_AAAA ? 16 : 0;
    List<InetAddress> told = new ArrayList<>();
    for (String address : addresses) {
      InetAddress literal = InetAddress.getByName(address);
      if (literal.getAddress().length == length) {
        told.add(literal);
      }
    }
    return told;
  }
}
