package dev.warren.timeline;

/**
 * Something that happened to a call. Immutable.
 *
 * @param atMillis when, by the clock of whoever tells it, corrected to this host's; 0 if unknown
 * @param observer who saw it: {@code worker host/id}, {@code coordinator}, {@code dead queue}
 * @param event what, such as {@code child_died}
 * @param text details, for people
 */
public record TimelineEvent(long atMillis, String observer, String event, String text) {}
