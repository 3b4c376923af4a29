package dev.warren.pool.engine.pending;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks by the numbers of their calls. Thread-safe, lock-free.
 *
 * <p>For maintainers: numbers are assigned consecutively and never reused, so they index pages of
 * an array whose slots hold the task of each number; a page is removed when all its numbers have
 * been added and removed. A map of tasks took a quarter of the feeder's time with one call per
 * task.
 */
final class TaskIndex {
  private static final int PAGE_BITS = 10;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;

  private final ConcurrentSkipListMap<Long, Page> pages = new ConcurrentSkipListMap<>();
  // volatile caches: the page last added to and the page last read; usually the next is the same
  private volatile Page added = new Page(-1);
  private volatile Page found = added;

  /** Adds a task under its numbers, which must be new. */
  void add(PendingTask task) {
    for (long number = task.first; number <= task.last(); ) {
      long pageNumber = number >> PAGE_BITS;
      long next = Math.min(task.last() + 1, (pageNumber + 1) << PAGE_BITS);
      pageToAdd(pageNumber).set(number, next, task);
      number = next;
    }
  }

  /** Removes a task, once; if it is being added concurrently, removes the part that is there. */
  void remove(PendingTask task) {
    for (long number = task.first; number <= task.last(); ) {
      long pageNumber = number >> PAGE_BITS;
      long next = Math.min(task.last() + 1, (pageNumber + 1) << PAGE_BITS);
      Page page = page(pageNumber);
      if (page != null) {
        page.set(number, next, null);
        if (page.left.addAndGet((int) (number - next)) == 0) {
          pages.remove(pageNumber);
        }
      }
      number = next;
    }
  }

  /** Returns the task with this number; null if there is none. */
  @Nullable PendingTask find(long number) {
    Page page = page(number >> PAGE_BITS);
    return page == null ? null : page.tasks.getAcquire((int) number & (PAGE_SIZE - 1));
  }

  /**
   * Returns the task with the lowest number from {@code first} to {@code last}; null if there is
   * none.
   */
  @Nullable PendingTask findFirst(long first, long last) {
    for (Page page : pages.tailMap(first >> PAGE_BITS).values()) {
      long start = page.number << PAGE_BITS;
      if (start > last) {
        return null;
      }
      int to = (int) Math.min(PAGE_SIZE - 1, last - start);
      for (int i = (int) Math.max(0, first - start); i <= to; i++) {
        PendingTask task = page.tasks.getAcquire(i);
        if (task != null) {
          return task;
        }
      }
    }
    return null;
  }

  /** Passes each task to {@code action} once, in the order of their numbers. */
  void forEach(Consumer<PendingTask> action) {
    PendingTask last = null;
    for (Page page : pages.values()) {
      for (int i = 0; i < PAGE_SIZE; i++) {
        PendingTask task = page.tasks.getAcquire(i);
        if (task != null && task != last) {
          last = task;
          action.accept(task);
        }
      }
    }
  }

  private Page pageToAdd(long number) {
    Page page = added;
    if (page.number != number) {
      page = pages.computeIfAbsent(number, Page::new);
      added = page;
    }
    return page;
  }

  private @Nullable Page page(long number) {
    Page page = found;
    if (page.number != number) {
      page = pages.get(number);
      if (page != null) {
        found = page;
      }
    }
    return page;
  }

  /** The tasks of {@link #PAGE_SIZE} numbers. */
  private static final class Page {
    private final long number;
    private final AtomicReferenceArray<@Nullable PendingTask> tasks;
    // numbers that have not been added and removed yet
    private final AtomicInteger left = new AtomicInteger(PAGE_SIZE);

    Page(long number) {
      this.number = number;
      this.tasks = new AtomicReferenceArray<>(PAGE_SIZE);
    }

    /** Stores the task in the slots of numbers {@code from} to {@code to} (exclusive). */
    void set(long from, long to, @Nullable PendingTask task) {
      for (long i = from; i < to; i++) {
        tasks.setRelease((int) i & (PAGE_SIZE - 1), task);
      }
    }
  }
}
