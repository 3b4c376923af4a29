package dev.warren.jobs;

/** A submission has the key of another one. */
public final class KeyReusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  KeyReusedException(String key) {
    super("the key '" + key + "' was used for another submission; use a new one");
  }
}
