package dev.warren.service.live;

/**
 * Something that people look at, described as named sections of JSON. Called by one thread at a
 * time; may block, which holds up nobody but its own viewers.
 */
public interface View extends AutoCloseable {
  /**
   * Adds the present value of each section.
   *
   * @throws dev.warren.service.http.Problem if there is nothing to show; its viewers are told
   */
  void describe(Sections sections);

  /** Called once, when nobody has looked at it for a while. */
  @Override
  default void close() {}
}
