package dev.warren.wire;

/**
 * The codecs of one program, which makes them once, where it starts, and passes them on with its
 * configuration. Immutable.
 *
 * @param tasks converts tasks
 * @param results converts outcomes
 */
public record WireCodecs(TaskCodec tasks, ResultCodec results) {
  /** Creates the codecs of a program. */
  public static WireCodecs create() {
    return new WireCodecs(new TaskCodec(), new ResultCodec());
  }
}
