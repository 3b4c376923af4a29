/**
 * RabbitMQ and PostgreSQL servers that this process starts for itself, for demonstrations and
 * tests: on loopback, in temporary folders, gone with the process. The only package of this module
 * that starts processes.
 *
 * <p>Threads: one per running server reads its output. Door: {@link
 * dev.warren.testkit.server.PrivateBroker} and {@link dev.warren.testkit.server.PrivatePostgres},
 * with {@link dev.warren.testkit.server.ServerInstallation} for a server other than the installed
 * one.
 */
@NullMarked
package dev.warren.testkit.server;

import org.jspecify.annotations.NullMarked;
