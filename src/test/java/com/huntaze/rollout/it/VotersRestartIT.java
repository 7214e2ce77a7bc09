package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes of the packaged jar that vote on who leads: they end, begin anew, and lose their
 * disks.
 */
@Tag("long")
class VotersRestartIT {
  private static final int KILLS = Boolean.getBoolean("rollout.heavy") ? 20 : 4;
  private static final Predicate<JsonObject> ROLLED_BACK = phase("rollback");
  private static final String NOBODY = "no leader is heard";

  @TempDir private Path folder;

  private Voters voters;

  @BeforeEach
  void prepare() throws Exception {
    voters = new Voters(folder, null, new JsonObject(), 5);
  }

  @AfterEach
  void stop() throws Exception {
    voters.close();
  }

  @Test
  void aLeaderThatEndsInOrderIsFollowedAtOnce() throws Exception {
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), 20);
    RolloutProcess leader = voters.awaitLeader();
    List<RolloutProcess> others = voters.running().stream().filter(each -> each != leader).toList();
    leader.terminate();
    long began = System.nanoTime();
    Voters.awaitLeader(others);
    assertThat(Voters.since(began)).isLessThan(Waits.bound(Duration.ofSeconds(1)));
    Voters.everywhere(others, percentage(20));
  }

  @Test
  void aRollbackAtAFollowerHoldsEverywhereAndIsOnEveryDisk() throws Exception {
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), 20);
    Voters.everywhere(voters.running(), percentage(20));
    voters.follower().done("rollback");
    Voters.everywhere(voters.running(), ROLLED_BACK);
    for (int i = 0; i < Voters.VOTERS; i++) {
      Path dir = voters.dir(i);
      Waits.until(
          () -> {
            try (var files = Files.list(dir)) {
              return files.anyMatch(each -> each.getFileName().toString().startsWith("rollback-"));
            }
          });
    }
  }

  @Test
  void allOnEmptyDisksBeginLikeAFreshRolloutAndNothingByItself() throws Exception {
    voters.close();
    JsonObject auto = new JsonObject().put("canary", new JsonObject().put("autoStart", true));
    voters = new Voters(folder.resolve("auto"), null, auto, 3);
    voters.start(0, 1, 2);
    RolloutProcess leader = voters.awaitLeader();
    assertThat(leader.state().getInteger("percentage")).isZero();
    Voters.set(voters.follower(), 20);
    Voters.everywhere(voters.running(), percentage(20));
    for (int i = 0; i < Voters.VOTERS; i++) {
      voters.kill(i);
      voters.empty(i);
    }
    voters.start(0, 1, 2);
    RolloutProcess again = voters.awaitLeader();
    Waits.pause(Duration.ofSeconds(2));
    assertThat(again.state().getInteger("percentage")).isZero();
    Voters.everywhere(voters.running(), phase("initial"));
  }

  @Test
  void allMayEndAndGoOnWhereTheyWere() throws Exception {
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), 20);
    Voters.everywhere(voters.running(), percentage(20));
    for (int i = 0; i < Voters.VOTERS; i++) {
      voters.kill(i);
    }
    voters.start(0, 1, 2);
    Voters.everywhere(voters.running(), percentage(20));
    Voters.set(voters.follower(), 30);
    Voters.everywhere(voters.running(), percentage(30));
  }

  @Test
  void whoIsNoVoterFollowsAndNeverLeads() throws Exception {
    // The first of all: it is the one that brings the members together.
    voters.start(3);
    voters.start(0, 1, 2);
    RolloutProcess learner = voters.process(3);
    assertThat(voters.awaitLeader()).isNotSameAs(learner);
    Voters.set(learner, 20);
    Voters.everywhere(voters.running(), percentage(20));
    voters.start(4);
    voters.process(4).waitUntil(percentage(20));
    voters.kill(0);
    voters.kill(1);
    Waits.until(() -> learner.set(50).statusCode() == 503);
    Waits.pause(Duration.ofSeconds(5));
    assertThat(voters.running()).noneMatch(RolloutProcess::leads);
    assertThat(learner.state().getInteger("percentage")).isEqualTo(20);
    assertThat(learner.command("rollback").statusCode()).isEqualTo(200);
    Voters.everywhere(voters.running(), ROLLED_BACK);
  }

  @Test
  void aLeaderThatIsKilledAgainAndAgainIsFollowedEachTime() throws Exception {
    voters.start(0, 1, 2);
    for (int i = 1; i <= KILLS; i++) {
      Voters.set(voters.follower(), 10 + i);
      Voters.everywhere(voters.running(), percentage(10 + i));
      int killed = voters.indexOf(voters.awaitLeader());
      voters.kill(killed);
      Voters.everywhere(voters.running(), percentage(10 + i));
      voters.start(killed);
      voters.process(killed).waitUntil(percentage(10 + i));
    }
  }

  @Test
  void aStoppedLeaderIsFollowedWithinSixSecondsAndChangesNothingWhenItWakes() throws Exception {
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), 20);
    Voters.everywhere(voters.running(), percentage(20));
    RolloutProcess stopped = voters.awaitLeader();
    List<RolloutProcess> others =
        voters.running().stream().filter(each -> each != stopped).toList();
    long began = System.nanoTime();
    Voters.signal(stopped, "STOP");
    RolloutProcess next = Voters.awaitLeader(others);
    assertThat(Voters.since(began)).isLessThan(Waits.bound(Duration.ofSeconds(6)));
    assertThat(next.set(30).statusCode()).isEqualTo(200);
    Voters.signal(stopped, "CONT");
    Waits.until(() -> !stopped.leads());
    stopped.waitUntil(percentage(30));
    Waits.pause(Duration.ofSeconds(3));
    assertThat(next.leads()).isTrue();
    assertThat(stopped.leads()).isFalse();
    Voters.everywhere(voters.running(), percentage(30));
    // It is a member like any other again.
    Voters.set(stopped, 50);
    Voters.everywhere(voters.running(), percentage(50));
  }

  /** It hears of nobody from its first moment on, before its judge listens. */
  @Test
  void aVoterThatStartsAloneSaysThatNobodyLeads() throws Exception {
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), 20);
    Voters.everywhere(voters.running(), percentage(20));
    for (int i = 0; i < Voters.VOTERS; i++) {
      voters.kill(i);
    }
    voters.start(0);
    RolloutProcess alone = voters.process(0);
    alone.waitUntil(state -> state.getString("next").startsWith(NOBODY + ": nothing is promoted"));
    Waits.until(
        () -> alone.health().getJsonObject("promotion"),
        promotion -> promotion.getJsonArray("missing").contains("a leader (none is heard)"));
  }

  @Test
  void withoutAMajorityNobodyIsPromotedAndARollbackHolds() throws Exception {
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), 20);
    Voters.everywhere(voters.running(), percentage(20));
    RolloutProcess last = voters.follower();
    int index = voters.indexOf(last);
    for (int i = 0; i < Voters.VOTERS; i++) {
      if (i != index) {
        voters.kill(i);
      }
    }
    Waits.until(() -> last.set(50).statusCode() == 503);
    assertThat(last.set(50).body()).contains(NOBODY);
    assertThat(last.state().getInteger("percentage")).isEqualTo(20);
    assertThat(last.state().getString("next")).startsWith(NOBODY + ": nothing is promoted");
    assertThat(last.health().getJsonObject("promotion").getBoolean("ready")).isFalse();
    assertThat(last.command("rollback").statusCode()).isEqualTo(200);
    last.waitUntil(ROLLED_BACK);
    Waits.pause(Duration.ofSeconds(3));
    assertThat(last.leads()).isFalse();
    // It is known as long as the one disk is.
    voters.kill(index);
    voters.start(index);
    voters.process(index).waitUntil(ROLLED_BACK);
    voters.start((index + 1) % Voters.VOTERS);
    voters.awaitLeader();
    Voters.everywhere(voters.running(), ROLLED_BACK);
    voters.start((index + 2) % Voters.VOTERS);
    Voters.everywhere(voters.running(), ROLLED_BACK);
  }
}
