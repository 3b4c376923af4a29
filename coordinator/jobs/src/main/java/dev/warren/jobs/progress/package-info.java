/**
 * How far a job is, for people: its rate, how long it still needs, and a picture of its calls. Read
 * from the store and from what workers report; nothing is decided by it. Confined to whoever
 * watches, except where a class says otherwise.
 *
 * <p>Door: {@link dev.warren.jobs.progress.JobFollower}, {@link dev.warren.jobs.progress.JobPace}.
 */
@NullMarked
package dev.warren.jobs.progress;

import org.jspecify.annotations.NullMarked;
