package dev.warren.pool.engine;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks by the numbers of their calls. Thread-safe, without locks.
 *
 * <p>For maintainers: numbers are given out one after another and never twice, so they index pages
 * of an array, each slot the task that has the number; a page goes once all its numbers have been
 * here and gone. A map of tasks took a quarter of the feeder's time where each call is a task.
 */
final class TaskIndex {
  private static final int PAGE_BITS = 10;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;

  private final ConcurrentSkipListMap<Long, Page> pages = new ConcurrentSkipListMap<>();
  // the page last added to, and the one last looked at: most often the next is the same
  private volatile Page added = new Page(-1);
  private volatile Page found = added;

  /** Enters a task under its numbers, which nobody has had before. */
  void add(Task task) {
    for (long number = task.first; number <= task.last(); ) {
      long pageNumber = number >> PAGE_BITS;
      long next = Math.min(task.last() + 1, (pageNumber + 1) << PAGE_BITS);
      pageToAdd(pageNumber).set(number, next, task);
      number = next;
    }
  }

  /** Takes out a task, once; of one that is just being entered, what is entered. */
  void remove(Task task) {
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

  /** The task with this number, or null. */
  @Nullable Task find(long number) {
    Page page = page(number >> PAGE_BITS);
    return page == null ? null : page.tasks.getAcquire((int) number & (PAGE_SIZE - 1));
  }

  /** The task with the lowest number from {@code first} to {@code last}, or null. */
  @Nullable Task findFirst(long first, long last) {
    for (Page page : pages.tailMap(first >> PAGE_BITS).values()) {
      long start = page.number << PAGE_BITS;
      if (start > last) {
        return null;
      }
      int to = (int) Math.min(PAGE_SIZE - 1, last - start);
      for (int i = (int) Math.max(0, first - start); i <= to; i++) {
        Task task = page.tasks.getAcquire(i);
        if (task != null) {
          return task;
        }
      }
    }
    return null;
  }

  /** Gives each task to {@code action} once, in the order of their numbers. */
  void forEach(Consumer<Task> action) {
    Task last = null;
    for (Page page : pages.values()) {
      for (int i = 0; i < PAGE_SIZE; i++) {
        Task task = page.tasks.getAcquire(i);
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
    private final AtomicReferenceArray<@Nullable Task> tasks;
    // numbers that have not been here and gone
    private final AtomicInteger left = new AtomicInteger(PAGE_SIZE);

    Page(long number) {
      this.number = number;
      this.tasks = new AtomicReferenceArray<>(PAGE_SIZE);
    }

    /** Puts the task in the slots of numbers {@code from} to {@code to} (exclusive). */
    void set(long from, long to, @Nullable Task task) {
      for (long i = from; i < to; i++) {
        tasks.setRelease((int) i & (PAGE_SIZE - 1), task);
      }
    }
  }
}
