/**
 * What happened to one call of a job: what the journal says, and what the workers add to it.
 *
 * <p>Door: {@link dev.warren.jobs.timeline.CallStory}, {@link dev.warren.jobs.timeline.CallPage},
 * {@link dev.warren.jobs.timeline.FailedCalls}. The caller's thread.
 */
@NullMarked
package dev.warren.jobs.timeline;

import org.jspecify.annotations.NullMarked;
