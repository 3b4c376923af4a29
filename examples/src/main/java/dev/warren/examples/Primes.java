package dev.warren.examples;

import dev.warren.pool.Pool;
import java.util.List;
import java.util.stream.IntStream;

public final class Primes {
  /** An ordinary method: it is what runs in the child processes. */
  static boolean isPrime(int n) {
    return n > 1 && IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(d -> n % d == 0);
  }

  public static void main(String[] args) {
    String where = args.length > 0 ? args[0] : "local:"; // or amqp://user:password@host?pool=primes
    List<Integer> numbers = IntStream.range(2_000_000_000, 2_000_001_000).boxed().toList();
    try (Pool pool = Pool.open(where)) {
      List<Boolean> prime = pool.map(Primes::isPrime, numbers);
      System.out.println(prime.stream().filter(p -> p).count() + " of 1000 are prime");
    }
  }
}
