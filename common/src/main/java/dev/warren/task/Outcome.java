package dev.warren.task;

import java.util.function.Function;

/** How a call ended: with a value or with a failure. Immutable. */
public sealed interface Outcome {

  /** Applies {@code value} or {@code failure}, whichever matches this outcome. */
  <T> T fold(Function<Payload, T> value, Function<RemoteFailure, T> failure);

  /**
   * The function returned.
   *
   * @param value its result as JSON
   */
  record Succeeded(Payload value) implements Outcome {
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
  record Failed(RemoteFailure failure) implements Outcome {
    @Override
    public <T> T fold(Function<Payload, T> onValue, Function<RemoteFailure, T> onFailure) {
      return onFailure.apply(failure);
    }
  }
}
