package dev.warren.wire;

import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.util.function.Function;

/** How a call ended, as it travels: with a JSON value or with a failure. Immutable. */
public sealed interface JsonOutcome {

  /** Applies {@code value} or {@code failure}, whichever matches this outcome. */
  <T> T fold(Function<Payload, T> value, Function<RemoteFailure, T> failure);

  /**
   * The function returned.
   *
   * @param value its result as JSON
   */
  record Succeeded(Payload value) implements JsonOutcome {
    @Override
    public <T> T fold(Function<Payload, T> onValue, Function<RemoteFailure, T> onFailure) {
      return onValue.apply(value);
    }
  }

  /**
   * The call has no value.
   *
   * @param failure why
   */
  record Failed(RemoteFailure failure) implements JsonOutcome {
    @Override
    public <T> T fold(Function<Payload, T> onValue, Function<RemoteFailure, T> onFailure) {
      return onFailure.apply(failure);
    }
  }
}
