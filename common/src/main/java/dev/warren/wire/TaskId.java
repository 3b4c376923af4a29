package dev.warren.wire;

/**
 * The message id of a task: the id given by its owner (the root) and, for a copy or a part of the
 * task published by someone else, a name: {@code root~part}. All copies and parts of a task share
 * its root. A foreign producer's id may have any characters; the text after its first tilde counts
 * as its part. Immutable.
 *
 * @param root the owner's id
 * @param part empty for the owner's own message
 */
public record TaskId(String root, String part) {
  private static final char MARK = '~';

  /** Maximum characters of a root in the ids of parts: AMQP allows an id of 255 bytes in total. */
  static final int ROOT_KEPT = 60;

  public TaskId {
    if (root.indexOf(MARK) >= 0) {
      throw new IllegalArgumentException("root is '" + root + "'; must have no '~'");
    }
  }

  /** Splits a message id. */
  public static TaskId parse(String id) {
    int mark = id.indexOf(MARK);
    return mark < 0
        ? new TaskId(id, "")
        : new TaskId(id.substring(0, mark), id.substring(mark + 1));
  }

  /** Returns the root of a message id. */
  public static String rootOf(String id) {
    int mark = id.indexOf(MARK);
    return mark < 0 ? id : id.substring(0, mark);
  }

  /**
   * Returns the id of a copy or part of the same task.
   *
   * @param name unique among the parts of this task
   */
  public TaskId withPart(String name) {
    return new TaskId(kept(root), name);
  }

  private static String kept(String root) {
    if (root.length() <= ROOT_KEPT) {
      return root;
    }
    boolean cutsPair = Character.isHighSurrogate(root.charAt(ROOT_KEPT - 1));
    return root.substring(0, cutsPair ? ROOT_KEPT - 1 : ROOT_KEPT);
  }

  /** The message id. */
  @Override
  public String toString() {
    return part.isEmpty() ? root : root + MARK + part;
  }
}
