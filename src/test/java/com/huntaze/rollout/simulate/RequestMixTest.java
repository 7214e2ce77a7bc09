package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RequestMixTest {
  private final List<DemoRequest> requests =
      LongStream.range(0, 5_000).mapToObj(new RequestMix(7)::at).toList();

  @Test
  void theSameSeedGivesTheSameRequests() {
    assertThat(new RequestMix(7).at(123)).isEqualTo(requests.get(123));
    assertThat(new RequestMix(8).at(123)).isNotEqualTo(requests.get(123));
  }

  @Test
  void fourInFiveComeFromAUserWhoReturns() {
    List<String> users =
        requests.stream()
            .map(request -> request.headers().get("X-User-ID"))
            .filter(user -> user != null)
            .toList();

    assertThat(users.size()).isCloseTo(4_000, withinPercentage(5));
    assertThat(users).allMatch(user -> user.matches("user-([1-9]\\d?|[1-4]\\d\\d|500)"));
    assertThat(users.stream().distinct().count()).isBetween(450L, 500L);
  }

  @Test
  void fourInTenAreStreamsAndEveryKindOccurs() {
    long streams = requests.stream().filter(DemoRequest::stream).count();

    assertThat(streams).isCloseTo(2_000L, withinPercentage(8));
    assertThat(requests.stream().map(DemoRequest::path).distinct())
        .containsExactlyInAnyOrder("/route", "/route/stream", "/v1/chat/completions");
  }

  @Test
  void promptsAreHalfAKilobyteToFour() {
    assertThat(requests)
        .allSatisfy(request -> assertThat(request.body().length()).isBetween(512, 4_096 + 256));
  }
}
