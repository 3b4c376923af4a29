package dev.warren.chaos;

import dev.warren.pool.Pool;
import dev.warren.pool.ResultIterator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A coordinator as a separate process. Arguments: URI, folder for the traces of its calls, number
 * of calls, their action; a fifth, {@code large}, makes them return a mebibyte each, none of which
 * is consumed before the file {@code take} exists in the folder. Prints the number of each call
 * that has ended.
 */
public final class Coordinator {
  private Coordinator() {}

  public static void main(String[] args) throws Exception {
    Work.Deed deed = Work.Deed.valueOf(args[3]);
    Stream<Work.Ticket> tickets =
        IntStream.range(0, Integer.parseInt(args[2]))
            .mapToObj(number -> new Work.Ticket(args[1], number, deed, false));
    try (Pool pool = Pool.open(args[0])) {
      if (args.length > 4) {
        large(pool, tickets, Path.of(args[1], "take"));
        return;
      }
      try (ResultIterator<Integer> results = pool.imapUnordered(Work::run, tickets)) {
        while (results.hasNext()) {
          System.out.println("ended " + results.next());
        }
      }
    }
  }

  private static void large(Pool pool, Stream<Work.Ticket> tickets, Path take) throws Exception {
    Set<String> ended = new HashSet<>();
    try (ResultIterator<String> results = pool.imapUnordered(Work::large, tickets, 1)) {
      while (!Files.exists(take)) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      while (results.hasNext()) {
        String result = results.next();
        String number = result.substring(0, result.indexOf(':'));
        if (result.length() != 1 << 20 || !ended.add(number)) {
          throw new IllegalStateException("result " + number + " is another, or came before");
        }
        System.out.println("ended " + number);
      }
    }
  }
}
