package dev.warren.chaos;

import dev.warren.pool.Pool;
import dev.warren.pool.ResultIterator;
import java.io.IOException;
import java.util.stream.IntStream;

/**
 * A coordinator in a process of its own, to be killed. Arguments: URI, folder for the traces of its
 * calls, number of calls, what they do. Prints the number of each call that has ended.
 */
public final class Coordinator {
  private Coordinator() {}

  public static void main(String[] args) throws IOException {
    Work.Deed deed = Work.Deed.valueOf(args[3]);
    try (Pool pool = Pool.open(args[0]);
        ResultIterator<Integer> results =
            pool.imapUnordered(
                Work::run,
                IntStream.range(0, Integer.parseInt(args[2]))
                    .mapToObj(number -> new Work.Ticket(args[1], number, deed, false)))) {
      while (results.hasNext()) {
        System.out.println("ended " + results.next());
      }
    }
  }
}
