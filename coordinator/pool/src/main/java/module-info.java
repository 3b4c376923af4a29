/** The pool: {@code dev.warren.pool} is the API, with the types of {@code dev.warren.task}. */
module dev.warren.pool {
  requires transitive dev.warren.common;
  requires java.management;
  requires dev.warren.worker;
  requires static com.google.errorprone.annotations;

  exports dev.warren.pool;
}
