package dev.warren.pool;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What depends on caller and child only: tested over RabbitMQ. */
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@MethodSource("dev.warren.pool.Site#brokers")
abstract class OnOneSite extends Conformance {}
