/**
 * What the page shows: the pool now, its jobs, one job, one cause of failures. Read from what
 * workers report and from the store, so it is the same whichever coordinator is asked, and its cost
 * depends neither on the number of calls nor on that of viewers. Views run on threads {@code live};
 * {@link dev.warren.service.board.ActiveJobs} looks at the jobs on a thread {@code job-pace}.
 *
 * <p>Door: {@link dev.warren.service.board.Board}; for commands also {@link
 * dev.warren.service.board.Header} and {@link dev.warren.service.board.WorkerCells}.
 */
@NullMarked
package dev.warren.service.board;

import org.jspecify.annotations.NullMarked;
