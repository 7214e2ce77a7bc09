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

/** Three processes of the packaged jar that vote on who leads, with a directory each. */
@Tag("heavy")
class VotersIT {
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

  private static void everywhere(List<RolloutProcess> all, Predicate<JsonObject> wanted) {
    all.forEach(each -> each.waitUntil(wanted));
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** An order at a follower, once the leader is heard there. */
  private static void set(RolloutProcess at, int share) {
    Waits.until(() -> at.set(share).statusCode() == 200);
  }

  @Test
  void threeVotersAreOneRolloutOverMutualTls() throws Exception {
    Certificates certificates = new Certificates(Files.createDirectory(folder.resolve("pem")));
    Certificates.Pem authority = certificates.authority("authority");
    JsonObject tls =
        certificates
            .signed(authority, "member", "IP:127.0.0.1,DNS:rollout")
            .tls()
            .put("ca", authority.certificate().toString());
    try (Voters secured = new Voters(folder.resolve("tls"), tls, new JsonObject(), 3)) {
      secured.start(0, 1, 2);
      set(secured.follower(), 30);
      everywhere(secured.running(), percentage(30));
    }
  }

  @Test
  void aKilledLeaderIsFollowedWithinTwoSecondsAndComesBackWithNothing() throws Exception {
    voters.start(0, 1, 2);
    set(voters.follower(), 20);
    everywhere(voters.running(), percentage(20));
    RolloutProcess leader = voters.awaitLeader();
    int killed = voters.indexOf(leader);
    long began = System.nanoTime();
    voters.kill(killed);
    RolloutProcess next = voters.awaitLeader();
    assertThat(since(began)).isLessThan(Waits.bound(Duration.ofSeconds(2)));
    assertThat(next.state().getInteger("percentage")).isEqualTo(20);
    assertThat(next.set(40).statusCode()).isEqualTo(200);
    everywhere(voters.running(), percentage(40));
    voters.empty(killed);
    voters.start(killed);
    voters.process(killed).waitUntil(percentage(40));
    assertThat(voters.process(killed).leads()).isFalse();
    Waits.until(() -> Files.exists(voters.dir(killed).resolve("state.json")));
  }

  @Test
  void aStoppedLeaderIsFollowedWithinSixSecondsAndChangesNothingWhenItWakes() throws Exception {
    voters.start(0, 1, 2);
    set(voters.follower(), 20);
    everywhere(voters.running(), percentage(20));
    RolloutProcess stopped = voters.awaitLeader();
    List<RolloutProcess> others =
        voters.running().stream().filter(each -> each != stopped).toList();
    long began = System.nanoTime();
    Voters.signal(stopped, "STOP");
    RolloutProcess next = Voters.awaitLeader(others);
    assertThat(since(began)).isLessThan(Waits.bound(Duration.ofSeconds(6)));
    assertThat(next.set(30).statusCode()).isEqualTo(200);
    Voters.signal(stopped, "CONT");
    Waits.until(() -> !stopped.leads());
    stopped.waitUntil(percentage(30));
    Waits.pause(Duration.ofSeconds(3));
    assertThat(next.leads()).isTrue();
    assertThat(stopped.leads()).isFalse();
    everywhere(voters.running(), percentage(30));
    // It is a member like any other again.
    set(stopped, 50);
    everywhere(voters.running(), percentage(50));
  }

  @Test
  void withoutAMajorityNobodyIsPromotedAndARollbackHolds() throws Exception {
    voters.start(0, 1, 2);
    set(voters.follower(), 20);
    everywhere(voters.running(), percentage(20));
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
    everywhere(voters.running(), ROLLED_BACK);
    voters.start((index + 2) % Voters.VOTERS);
    everywhere(voters.running(), ROLLED_BACK);
  }
}
