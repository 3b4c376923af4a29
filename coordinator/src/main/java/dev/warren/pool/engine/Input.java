package dev.warren.pool.engine;

import dev.warren.task.Payload;
import java.util.Iterator;
import java.util.function.Function;

/**
 * The input of a job.
 *
 * @param items read on one thread at a time
 * @param size how many items there are; -1 where that is not known, which also means that reading
 *     may block
 * @param writer makes an item a call's arguments, a JSON array on one line; its
 *     IllegalArgumentException refuses that call alone
 * @param close run once when nothing more is read
 */
public record Input<T>(
    Iterator<? extends T> items, long size, Function<? super T, Payload> writer, Runnable close) {}
