package com.huntaze.rollout.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.route.StatePath;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Knows which provider made which object: files, jobs, conversations, stored answers. Only that one
 * can answer for it. Bounded in bytes and time, and shared by the process; what is forgotten is
 * looked for at Foundry, then at legacy.
 *
 * <p>Decision 102 in {@code docs/decisions.md}.
 */
public final class ObjectMakers {
  /** The parts of the heap of which answers, their items and all other objects have one each. */
  private static final int HEAP_PARTS = 48;

  private static final long MOST_BYTES = 16L << 20;

  /** The bytes that an entry takes beside its id: 164 were measured, and some are for growth. */
  private static final int ENTRY_BYTES = 200;

  private static final int MOST_LENGTH = 256;

  /** The time for which OpenAI keeps a response, from its last use. */
  private static final Duration KEPT = Duration.ofDays(30);

  /** Answers, of which there is one per request: they must not push out what is rarer. */
  private final Cache<String, Made> answers;

  /** The items of answers, of which there are several per request. */
  private final Cache<String, Made> items;

  private final Cache<String, Made> objects;

  /**
   * An object's maker.
   *
   * @param conversation it is a conversation that has begun, or the last answer of one
   */
  private record Made(Provider provider, boolean conversation) {}

  public ObjectMakers() {
    this(
        Ticker.systemTicker(), Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PARTS));
  }

  /**
   * @param mostBytes the memory for answers, for their items, and for all other objects: once each
   */
  ObjectMakers(Ticker clock, long mostBytes) {
    answers = cache(clock, mostBytes);
    items = cache(clock, mostBytes);
    objects = cache(clock, mostBytes);
  }

  private static Cache<String, Made> cache(Ticker clock, long mostBytes) {
    return Caffeine.newBuilder()
        .maximumWeight(mostBytes)
        .weigher((String id, Made made) -> ENTRY_BYTES + id.length())
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
    for (int i = 0; i < named.size(); i++) {
      BodyReferences.Reference each = named.get(i);
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
    found = found == null ? items.getIfPresent(id) : found;
    return found == null ? null : found.provider();
  }

  /**
   * Remembers the objects that an answer tells of.
   *
   * @param place that of the request's path
   * @param answer {@code null} = there is none that could
   * @param before the object that it goes on with, {@code null} = none
   */
  public void remember(StatePath place, Buffer answer, Provider provider, ObjectReference before) {
    if (place == null || answer == null) {
      return;
    }
    ObjectIds told = ObjectIds.in(answer);
    for (String id : told.all()) {
      if (told.deleted()) {
        keep(place.isChain() ? answers : objects, id, new Made(provider, false));
      } else if (place.isChain()) {
        remember(place, id, provider, before);
      } else {
        keepLonger(id, new Made(provider, told.isConversation(id, place)));
      }
    }
    rememberItems(place, told.items(), provider);
  }

  /** Remembers the items of an answer, by which a later request may go on with it. */
  public void rememberItems(StatePath place, Collection<String> ids, Provider provider) {
    if (place.isChain()) {
      ids.forEach(id -> keep(items, id, new Made(provider, false)));
    }
  }

  /**
   * Remembers one object.
   *
   * @param before the object that it goes on with, {@code null} = none
   */
  public void remember(StatePath place, String id, Provider provider, ObjectReference before) {
    if (!place.isChain()) {
      keepLonger(id, new Made(provider, place.isConversation() && place.id() == null));
      return;
    }
    Made earlier = before == null || !before.inBody() ? null : answers.getIfPresent(before.id());
    boolean continues = earlier != null || id != null && isConversation(answers, id, provider);
    keep(answers, id, new Made(provider, continues));
    if (earlier != null) {
      // The chain is told by its last answer.
      keep(answers, before.id(), new Made(earlier.provider(), false));
    }
  }

  /** A conversation that is only looked at stays one. */
  private void keepLonger(String id, Made made) {
    boolean already = id != null && isConversation(objects, id, made.provider());
    keep(objects, id, already ? new Made(made.provider(), true) : made);
  }

  private static boolean isConversation(Cache<String, Made> cache, String id, Provider provider) {
    return new Made(provider, true).equals(cache.getIfPresent(id));
  }

  private static void keep(Cache<String, Made> cache, String id, Made made) {
    if (id != null && !id.isEmpty() && id.length() <= MOST_LENGTH) {
      cache.put(id, made);
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
