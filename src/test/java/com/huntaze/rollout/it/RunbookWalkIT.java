package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The runbook, walked by script through the packaged jar: each kind of alert is provoked, its page
 * is read, its command is run as it stands, its cause is mended, and it is seen to be over. All
 * kinds are walked here, in the tier heavy; none is left to a longer one. The scenes play at the
 * same time.
 */
@Tag("heavy")
class RunbookWalkIT {
  private static final long SCENE_SECONDS = 400;
  private static final List<Scene> SCENES =
      List.of(new ClusterScene(), new ProviderScene(), new RolloutScene(), new FilesScene());

  @TempDir private static Path folder;

  private static final Map<Kind, CompletableFuture<Void>> walked = new EnumMap<>(Kind.class);
  private static ExecutorService stage;

  @BeforeAll
  static void play() {
    stage = Executors.newFixedThreadPool(SCENES.size());
    for (Kind kind : Kind.values()) {
      walked.put(kind, new CompletableFuture<>());
    }
    List<CompletableFuture<Void>> played = new ArrayList<>();
    for (Scene scene : SCENES) {
      played.add(CompletableFuture.runAsync(() -> play(scene), stage));
    }
    CompletableFuture.allOf(played.toArray(CompletableFuture[]::new))
        .whenComplete(
            (done, failure) ->
                walked.forEach(
                    (kind, each) ->
                        each.completeExceptionally(
                            new AssertionError(kind.label() + " is walked by no scene"))));
  }

  private static void play(Scene scene) {
    try {
      scene.play(Files.createDirectories(folder.resolve(scene.getClass().getSimpleName())), walked);
    } catch (Exception | AssertionError failure) {
      scene.kinds().forEach(kind -> walked.get(kind).completeExceptionally(failure));
    }
  }

  @AfterAll
  static void stop() {
    stage.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void isToldReadFollowedAndOver(Kind kind) throws Exception {
    walked.get(kind).get(SCENE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void theDocumentSaysWhatPeopleCloseAndWhatNeedsNoCommand() throws Exception {
    String alerts = Files.readString(Path.of("docs/alerts.md"));
    assertThat(alerts).contains("| the other warnings and `state_damaged` | people |");
    for (Kind kind : List.of(Kind.PROMOTION, Kind.DRY_RUN, Kind.LEADERSHIP)) {
      assertThat(alerts)
          .containsPattern(Pattern.compile("(?m)^\\| `" + kind.label() + "`.*\\| none \\|$"));
    }
  }
}
