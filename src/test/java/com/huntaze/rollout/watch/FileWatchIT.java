package com.huntaze.rollout.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files that are written, renamed over, linked anew and taken away. */
class FileWatchIT {
  @TempDir private Path dir;
  private final Vertx vertx = Vertx.vertx();
  private final FileWatch watch = new FileWatch(vertx);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private Path one;

  @BeforeEach
  void write() throws IOException {
    one = Files.writeString(dir.resolve("one"), "first");
  }

  @AfterEach
  void stop() {
    watch.close();
    vertx.close().await();
  }

  private FileWatch.Watched watch(Path... files) {
    FileWatch.Watched watched = watch.watch(told::add);
    watched.files(List.of(files)).await();
    return watched;
  }

  private void awaitTold(int times) {
    Waits.until(() -> "told of " + told, () -> told.size() >= times);
    assertThat(told).hasSize(times);
  }

  @Test
  void tellsOfAFileThatIsWrittenInPlace() throws IOException {
    watch(one);
    Files.writeString(one, "other");
    awaitTold(1);
  }

  @Test
  void tellsOfAFileThatIsRenamedOver() throws IOException {
    watch(one);
    Path newer = Files.writeString(dir.resolve("newer"), "other");
    Files.move(newer, one, StandardCopyOption.ATOMIC_MOVE);
    awaitTold(1);
  }

  /** The links of a volume that Kubernetes has made of a secret. */
  @Test
  void tellsOfALinkThatIsSwapped() throws IOException {
    Path before = Files.createDirectory(dir.resolve("..1"));
    Path after = Files.createDirectory(dir.resolve("..2"));
    Files.writeString(before.resolve("key"), "first");
    Files.writeString(after.resolve("key"), "other");
    Path data = Files.createSymbolicLink(dir.resolve("..data"), before);
    Path key = Files.createSymbolicLink(dir.resolve("key"), Path.of("..data", "key"));
    watch(key);
    Path swapped = Files.createSymbolicLink(dir.resolve("..data_tmp"), after);
    Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE);
    awaitTold(1);
  }

  @Test
  void tellsOfAFileThatComesAndOfOneThatGoes() throws IOException {
    Path other = dir.resolve("other");
    watch(other);
    Files.writeString(other, "here");
    awaitTold(1);
    Files.delete(other);
    awaitTold(2);
    assertThat(told.get(1)).contains("gone");
  }

  @Test
  void tellsOfWhatIsInADirectory() throws IOException {
    Path overlays = Files.createDirectory(dir.resolve("conf"));
    Path overlay = Files.writeString(overlays.resolve("a.json"), "{}");
    watch(overlays);
    Files.writeString(overlay, "{ }");
    awaitTold(1);
    Files.writeString(overlays.resolve("b.json"), "{}");
    awaitTold(2);
  }

  @Test
  void tellsEachListenerOfItsOwnFilesAndOnItsContext() throws IOException {
    Path two = Files.writeString(dir.resolve("two"), "first");
    List<Context> contexts = new CopyOnWriteArrayList<>();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        turn ->
            watch
                .watch(now -> contexts.add(Vertx.currentContext()))
                .files(List.of(two))
                .onSuccess(begun -> told.add("begun")));
    awaitTold(1);
    watch(one);
    Files.writeString(one, "other");
    awaitTold(2);
    assertThat(contexts).isEmpty();
    Files.writeString(two, "other");
    Waits.until(() -> !contexts.isEmpty());
    assertThat(contexts).containsExactly(context);
    assertThat(told).hasSize(2);
  }

  @Test
  void tellsOfOtherFilesWhenOthersAreWatched() throws IOException {
    Path two = Files.writeString(dir.resolve("two"), "first");
    FileWatch.Watched watched = watch(one);
    watched.files(List.of(two)).await();
    Files.writeString(one, "other");
    Files.writeString(two, "other");
    awaitTold(1);
    assertThat(told.get(0)).contains("two").doesNotContain("one");
  }

  @Test
  void tellsNobodyAnyMoreWhoHasEnded() throws IOException {
    FileWatch.Watched watched = watch(one);
    watched.end();
    watch(one);
    Files.writeString(one, "other");
    awaitTold(1);
  }

  @Test
  void answersWhoeverComesAfterItsEnd() {
    watch.close();
    watch.watch(told::add).files(List.of(one)).await();
    assertThat(told).isEmpty();
  }

  @Test
  void whoeverWatchesNothingIsAnsweredToo() {
    watch();
    assertThat(told).isEmpty();
  }
}
