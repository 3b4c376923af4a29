/**
 * What has happened to calls on this worker: recorded for every message that it holds, and kept for
 * a while for calls that failed or took unusually long, so that the question what happened to a
 * call can be answered. Nothing is decided by it.
 *
 * <p>Door: {@link dev.warren.worker.history.CallHistory}, {@link
 * dev.warren.worker.history.CallHistories}, {@link dev.warren.worker.history.HistoryAnswers}.
 * Everything is confined to the loop.
 */
@NullMarked
package dev.warren.worker.history;

import org.jspecify.annotations.NullMarked;
