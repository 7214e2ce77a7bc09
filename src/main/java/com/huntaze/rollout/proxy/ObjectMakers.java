package com.huntaze.rollout.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.route.StatePath;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/**
 * Knows which provider made which object: files, jobs, conversations, stored answers. Only that one
 * can answer for it. Bounded in number and time, and shared by the process; what is forgotten is
 * looked for at Foundry, then at legacy.
 */
public final class ObjectMakers {
  private static final int MOST_OBJECTS = 100_000;
  private static final int MOST_LENGTH = 256;

  /** The time for which OpenAI keeps a response, from its last use. */
  private static final Duration KEPT = Duration.ofDays(30);

  /** Answers, of which there is one per request: they must not push out what is rarer. */
  private final Cache<String, Made> answers;

  private final Cache<String, Made> objects;

  /**
   * An object's maker.
   *
   * @param conversation it is a conversation that has begun, or the last answer of one
   */
  private record Made(Provider provider, boolean conversation) {}

  public ObjectMakers() {
    this(Ticker.systemTicker());
  }

  ObjectMakers(Ticker clock) {
    answers = cache(clock);
    objects = cache(clock);
  }

  private static Cache<String, Made> cache(Ticker clock) {
    return Caffeine.newBuilder()
        .maximumSize(MOST_OBJECTS)
        .expireAfterAccess(KEPT)
        .ticker(clock)
        .executor(Runnable::run)
        .build();
  }

  /**
   * The object that a request is about.
   *
   * @param place that of its path, {@code null} = it is about none
   * @param named those that its body names
   * @return {@code null} = it is about none, so that anybody can answer
   */
  ObjectReference find(StatePath place, List<BodyReferences.Reference> named) {
    if (place != null && place.id() != null) {
      return new ObjectReference(place.id(), maker(place.id()), false);
    }
    ObjectReference unknown = null;
    for (BodyReferences.Reference each : named) {
      Provider maker = maker(each.id());
      if (maker != null) {
        return new ObjectReference(each.id(), maker, true);
      } else if (each.certain() && unknown == null) {
        unknown = new ObjectReference(each.id(), null, true);
      }
    }
    return unknown;
  }

  private Provider maker(String id) {
    Made made = objects.getIfPresent(id);
    Made found = made == null ? answers.getIfPresent(id) : made;
    return found == null ? null : found.provider();
  }

  /**
   * Remembers the objects that an answer tells of.
   *
   * @param place that of the request's path
   * @param answer {@code null} = there is none that could
   */
  void remember(StatePath place, Buffer answer, Provider provider, ObjectReference before) {
    if (place != null && answer != null) {
      ObjectIds.in(answer).forEach(id -> remember(place, id, provider, before));
    }
  }

  /**
   * Remembers one object.
   *
   * @param before the object that it goes on with, {@code null} = none
   */
  void remember(StatePath place, String id, Provider provider, ObjectReference before) {
    if (id == null || id.isEmpty() || id.length() > MOST_LENGTH) {
      return;
    }
    if (!place.isChain()) {
      objects.put(id, new Made(provider, place.isConversation() && place.id() == null));
      return;
    }
    boolean continues = before != null && before.inBody();
    answers.put(id, new Made(provider, continues));
    Made earlier = continues ? answers.getIfPresent(before.id()) : null;
    if (earlier != null) {
      answers.put(before.id(), new Made(earlier.provider(), false));
    }
  }

  /** The conversations that a provider alone can go on with, as far as they are remembered. */
  public long conversations(Provider provider) {
    Made wanted = new Made(provider, true);
    return count(objects, wanted) + count(answers, wanted);
  }

  private static long count(Cache<String, Made> cache, Made wanted) {
    return cache.asMap().values().stream().filter(wanted::equals).count();
  }
}
