package dev.warren.task;

import java.util.function.Function;

/** How a call ended: with a value or with a failure. */
public sealed interface Outcome {

  /** Gives what {@code value} or {@code failure} makes of this outcome. */
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

  /** There is no value; the failure says why. */
  record Failed(RemoteFailure failure) implements Outcome {
    @Override
    public <T> T fold(Function<Payload, T> onValue, Function<RemoteFailure, T> onFailure) {
      return onFailure.apply(failure);
    }
  }
}
