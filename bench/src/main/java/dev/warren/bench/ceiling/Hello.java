package dev.warren.bench.ceiling;

/** An empty Java process, for comparison. */
public final class Hello {
  private Hello() {}

  public static void main(String[] args) {
    System.out.println("hello");
  }
}
