package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Figures that each replica has of its own: all others are asked for theirs, and whoever has not
 * answered in time is named. The same question by two at the same time is asked once. Lives on one
 * context.
 *
 * @param <A> the address of a member
 */
final class Questions<A> {
  /** Short of the second that people wait at most: the sum takes a moment, too. */
  static final long DEADLINE_MILLIS = 900;

  /** Different questions of this replica at a time. */
  static final int MOST_WAITING = 8;

  /** Questions of others at a time, whoever asks. */
  static final int MOST_ANSWERING = 32;

  /** Bytes of one answer, as JSON. */
  static final int MOST_TOLD = 2 << 20;

  /** Bytes of all answers to a question. */
  static final int MOST_TOLD_BY_ALL = 16 << 20;

  private static final int LONGEST = 4_096;
  private static final String LEADS = "leader";

  private final Vertx vertx;
  private final Bus bus;
  private final String replicaId;
  private final BiFunction<Boolean, Long, Members<A>> members;
  private final LongSupplier clock;
  private final Map<String, Future<JsonObject>> same = new HashMap<>();
  private final Map<String, Asked<A>> waiting = new HashMap<>();
  private int answering;
  private long last;

  /**
   * A question under way.
   *
   * @param silent those who have not answered, with their names
   * @param missing those who cannot be summed up, and why
   */
  private record Asked<A>(
      long since,
      Map<A, String> silent,
      JsonArray told,
      JsonArray missing,
      int[] bytes,
      Promise<Void> over) {}

  /**
   * @param members tells whom to ask, the leader alone or all, at a time
   * @param clock monotonic milliseconds
   */
  Questions(
      Vertx vertx,
      Bus bus,
      String replicaId,
      BiFunction<Boolean, Long, Members<A>> members,
      LongSupplier clock) {
    this.members = members;
    this.vertx = vertx;
    this.bus = bus;
    this.replicaId = replicaId;
    this.clock = clock;
  }

  /**
   * The members that a question is for.
   *
   * @param asked those who understand it
   * @param absent others, each with its {@code replica} and {@code why}
   * @param name tells a member's name
   */
  record Members<A>(Collection<A> asked, List<JsonObject> absent, Function<A, String> name) {}

  /**
   * Asks others; never fails.
   *
   * @param question {@code of}, and what is asked beside it; without {@code of} nobody is asked
   * @param leads whether this replica leads: then nobody has to be asked for the leader's figures
   * @return {@code self}, {@code ageMillis}, {@code told} of each that has answered, {@code
   *     missing} with all others
   */
  Future<JsonObject> ask(JsonObject question, boolean leads, BiConsumer<A, Frame> send) {
    boolean ofLeader = question.getBoolean(LEADS, false);
    String key = question.encode();
    Future<JsonObject> underWay = same.get(key);
    if (underWay != null) {
      return underWay.map(JsonObject::copy);
    }
    Members<A> all = members.apply(ofLeader, clock.getAsLong());
    Map<A, String> silent = new LinkedHashMap<>();
    all.asked().forEach(each -> silent.put(each, all.name().apply(each)));
    JsonArray missing = new JsonArray();
    all.absent().forEach(missing::add);
    Asked<A> asked =
        new Asked<>(
            clock.getAsLong(), silent, new JsonArray(), missing, new int[1], Promise.promise());
    if (ofLeader && leads || !question.containsKey("of")) {
      return Future.succeededFuture(alone(asked));
    }
    if (silent.isEmpty()) {
      return Future.succeededFuture(result(asked, ""));
    }
    if (waiting.size() >= MOST_WAITING || key.length() > LONGEST) {
      return Future.succeededFuture(
          result(asked, "not asked: %d questions wait already".formatted(waiting.size())));
    }
    return begin(key, question, asked, send);
  }

  private Future<JsonObject> begin(
      String key, JsonObject question, Asked<A> asked, BiConsumer<A, Frame> send) {
    String id = replicaId + "-" + ++last;
    waiting.put(id, asked);
    long timer = vertx.setTimer(DEADLINE_MILLIS, late -> asked.over().tryComplete());
    Future<JsonObject> done =
        asked
            .over()
            .future()
            .map(over -> result(asked, "no answer in %d ms".formatted(DEADLINE_MILLIS)))
            .onComplete(
                over -> {
                  waiting.remove(id);
                  same.remove(key);
                  vertx.cancelTimer(timer);
                });
    same.put(key, done);
    Frame frame = Frame.of(Frame.Kind.ASK, question.copy().put("id", id));
    List.copyOf(asked.silent().keySet()).forEach(member -> send.accept(member, frame));
    return done;
  }

  private JsonObject alone(Asked<A> asked) {
    asked.missing().clear();
    asked.silent().clear();
    return result(asked, "");
  }

  private JsonObject result(Asked<A> asked, String silence) {
    JsonArray missing = asked.missing().copy();
    asked.silent().values().forEach(name -> missing.add(missing(name, silence)));
    return new JsonObject()
        .put("self", replicaId)
        .put("ageMillis", clock.getAsLong() - asked.since())
        .put("told", asked.told())
        .put("missing", missing);
  }

  static JsonObject missing(String replica, String why) {
    return new JsonObject().put("replica", replica).put("why", why);
  }

  /** A member's answer; one who was not asked, or has answered, is not heard. */
  void answered(A from, JsonObject answer) {
    Asked<A> asked = waiting.get(answer.getString("id", ""));
    String name = asked == null ? null : asked.silent().get(from);
    if (name == null) {
      return;
    }
    JsonObject body = answer.getJsonObject("body");
    String refusal = answer.getString("refused");
    int bytes = body == null ? 0 : body.toBuffer().length();
    asked.silent().remove(from);
    if (body == null) {
      asked.missing().add(missing(name, shown(refusal)));
    } else if (bytes > MOST_TOLD || asked.bytes()[0] + bytes > MOST_TOLD_BY_ALL) {
      asked.missing().add(missing(name, "its answer is too large"));
    } else {
      asked.bytes()[0] += bytes;
      asked.told().add(new JsonObject().put("replica", name).put("body", body));
    }
    if (asked.silent().isEmpty()) {
      asked.over().tryComplete();
    }
  }

  private static String shown(String refusal) {
    String told = refusal == null ? "no figures" : refusal.replaceAll("[^ -~]", "?");
    return told.substring(0, Math.min(200, told.length()));
  }

  /** Answers another replica's question. */
  void answer(JsonObject question, boolean leads, Consumer<Frame> send) {
    String id = question.getString("id", "");
    Optional<Figure> figure = Figure.of(question.getString("of", ""));
    if (figure.isEmpty()) {
      send.accept(refused(id, "of an earlier version"));
    } else if (question.getBoolean(LEADS, false) && !leads) {
      send.accept(refused(id, "it leads no more"));
    } else if (answering >= MOST_ANSWERING) {
      send.accept(refused(id, "busy: it answers %d questions".formatted(answering)));
    } else {
      answering++;
      bus.<JsonObject>ask(figure.get().address(), question.getJsonObject("query"), DEADLINE_MILLIS)
          .onComplete(
              body -> {
                answering--;
                send.accept(told(id, body));
              },
              failure -> {
                answering--;
                send.accept(refused(id, "it cannot tell"));
              });
    }
  }

  private static Frame told(String id, JsonObject body) {
    return body.toBuffer().length() > MOST_TOLD
        ? refused(id, "its answer is too large")
        : Frame.of(Frame.Kind.TOLD, new JsonObject().put("id", id).put("body", body));
  }

  private static Frame refused(String id, String why) {
    return Frame.of(Frame.Kind.TOLD, new JsonObject().put("id", id).put("refused", why));
  }
}
