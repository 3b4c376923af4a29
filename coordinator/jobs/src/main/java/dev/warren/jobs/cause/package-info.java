/** Groups failed calls by their cause. */
@org.jspecify.annotations.NullMarked
package dev.warren.jobs.cause;
