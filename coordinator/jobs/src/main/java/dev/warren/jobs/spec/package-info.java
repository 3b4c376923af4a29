/**
 * What a job calls and with which arguments: its definition, its lines of input and their
 * conversion to arguments.
 */
@org.jspecify.annotations.NullMarked
package dev.warren.jobs.spec;
