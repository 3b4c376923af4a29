package dev.warren.worker.link;

import dev.warren.json.Json;
import dev.warren.task.RemoteFailure;
import tools.jackson.core.JacksonException;

/**
 * The header of an INIT_FAILED frame, a failure as in outcomes. It alone needs the JSON library.
 * Stateless.
 */
public final class InitFailedHeader {
  private InitFailedHeader() {}

  /**
   * Parses the header of an INIT_FAILED frame.
   *
   * @throws LinkException if it is malformed
   */
  public static RemoteFailure read(Frame frame) {
    try {
      return Json.read(frame.header(), RemoteFailure.class);
    } catch (JacksonException e) {
      throw new LinkException("bad header in a " + frame.type() + " frame: " + e.getMessage(), e);
    }
  }

  public static Frame frame(RemoteFailure failure) {
    return new Frame(FrameType.INIT_FAILED, Json.write(failure));
  }
}
