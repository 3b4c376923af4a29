package dev.warren.worker.link;

import org.jspecify.annotations.Nullable;

/**
 * The header of a RECYCLE frame: why a child asks to be replaced. Immutable.
 *
 * @param reason {@code broken_class_path} or {@code requested}; any other text, and null, mean
 *     {@code requested}
 */
public record RecycleHeader(@Nullable String reason) {
  private static final HeaderFormat FORMAT = new HeaderFormat("reason");

  /**
   * Parses the header of a RECYCLE frame.
   *
   * @throws LinkException if it is malformed
   */
  public static RecycleHeader read(Frame frame) {
    return new RecycleHeader(FORMAT.read(frame).textOrNull());
  }

  public Frame frame() {
    return FORMAT.write().text(reason).frame(FrameType.RECYCLE);
  }
}
