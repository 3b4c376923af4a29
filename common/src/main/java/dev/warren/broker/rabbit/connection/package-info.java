/**
 * Connections to RabbitMQ: opening them with back-off, watching them, checking what arrives on the
 * socket, declaring queues and bindings on them, and what differs between server versions.
 *
 * <p>Door, for the packages beside it: {@link dev.warren.broker.rabbit.connection.RabbitConnector},
 * {@link dev.warren.broker.rabbit.connection.ConnectionEvents}, {@link
 * dev.warren.broker.rabbit.connection.DeclaredTopology}. Frames are checked on the client's reading
 * thread.
 */
@NullMarked
package dev.warren.broker.rabbit.connection;

import org.jspecify.annotations.NullMarked;
