package com.huntaze.rollout.request;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.request.ObjectSettings.AfterRollback;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/**
 * Tells people, when a rollout is rolled back, how many conversations stay behind: begun at
 * Foundry, they cannot go on anywhere else.
 */
public final class ConversationNotice extends VerticleBase {
  private final Bus bus;
  private final ObjectMakers objects;
  private final Supplier<AfterRollback> afterRollback;

  public ConversationNotice(Bus bus, ObjectMakers objects, Supplier<AfterRollback> afterRollback) {
    this.bus = bus;
    this.objects = objects;
    this.afterRollback = afterRollback;
  }

  @Override
  public Future<?> start() {
    bus.hear(CanaryAddresses.TRANSITION, JsonObject.class, this::changed);
    return Future.succeededFuture();
  }

  private void changed(JsonObject transition) {
    if ("rollback".equals(transition.getString("action"))) {
      // They are counted one by one, and there may be hundreds of thousands.
      vertx
          .executeBlocking(() -> objects.conversations(Provider.FOUNDRY))
          .onSuccess(count -> tell(count, transition));
    }
  }

  private void tell(long count, JsonObject transition) {
    if (count == 0) {
      return;
    }
    String fate =
        switch (afterRollback.get()) {
          case SERVE -> "Foundry still answers them";
          case REFUSE -> "they are answered 410 until they begin anew";
        };
    String sentence =
        "%d conversations have begun at foundry and cannot go on at legacy; %s (objects.afterRollback)"
            .formatted(count, fate);
    String occasion =
        "epoch %s, change %d".formatted(transition.getString("epoch"), transition.getLong("seq"));
    Alert alert =
        new Alert(
            Alert.Kind.CONVERSATIONS_LEFT,
            "canary foundry",
            occasion,
            sentence,
            System.currentTimeMillis());
    bus.publish(CanaryAddresses.ALERT, new JsonObject(alert.fields()));
  }
}
