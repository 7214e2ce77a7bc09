package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes of the packaged jar that vote on who leads, with a directory each. */
@Tag("heavy")
class VotersIT {

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
      Voters.set(secured.follower(), 30);
      Voters.everywhere(secured.running(), percentage(30));
    }
  }

  @Test
  void aKilledLeaderIsFollowedWithinTwoSecondsAndComesBackWithNothing() throws Exception {
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), 20);
    Voters.everywhere(voters.running(), percentage(20));
    RolloutProcess leader = voters.awaitLeader();
    // Each has a directory of its own: what the leader has kept is asked of it.
    RolloutProcess follower = voters.follower();
    Waits.until(() -> follower.get("/api/v1/history").getLong("rows") > 0);
    assertThat(follower.get("/api/v1/history?scope=replica").getLong("rows")).isZero();
    int killed = voters.indexOf(leader);
    long began = System.nanoTime();
    voters.kill(killed);
    RolloutProcess next = voters.awaitLeader();
    assertThat(Voters.since(began)).isLessThan(Waits.bound(Duration.ofSeconds(2)));
    assertThat(next.state().getInteger("percentage")).isEqualTo(20);
    assertThat(next.set(40).statusCode()).isEqualTo(200);
    Voters.everywhere(voters.running(), percentage(40));
    voters.empty(killed);
    voters.start(killed);
    voters.process(killed).waitUntil(percentage(40));
    assertThat(voters.process(killed).leads()).isFalse();
    Waits.until(() -> Files.exists(voters.dir(killed).resolve("state.json")));
  }
}
