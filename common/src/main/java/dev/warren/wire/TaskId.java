package dev.warren.wire;

/**
 * The message id of a task: the id that its owner gave it (the root) and, for a copy or a part of
 * it that somebody has published, a name for that: {@code root~part}. All copies and parts of a
 * task have its root. A foreign producer's id may hold anything; the text after its first tilde
 * counts as its part. Immutable.
 *
 * @param root what the owner gave
 * @param part empty for the owner's own message
 */
public record TaskId(String root, String part) {
  private static final char MARK = '~';

  /** Characters of a root that the ids of parts keep: AMQP allows an id of 255 bytes in all. */
  static final int ROOT_KEPT = 60;

  public TaskId {
    if (root.indexOf(MARK) >= 0) {
      throw new IllegalArgumentException("root is '" + root + "'; must have no '~'");
    }
  }

  /** Takes a message id apart. */
  public static TaskId parse(String id) {
    int mark = id.indexOf(MARK);
    return mark < 0
        ? new TaskId(id, "")
        : new TaskId(id.substring(0, mark), id.substring(mark + 1));
  }

  /** The root of a message id. */
  public static String rootOf(String id) {
    int mark = id.indexOf(MARK);
    return mark < 0 ? id : id.substring(0, mark);
  }

  /**
   * A copy or part of the same task.
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
