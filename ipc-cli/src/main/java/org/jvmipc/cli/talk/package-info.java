/**
 * The verbs that talk: {@code send}, {@code recv}, {@code bridge}, {@code request}, {@code listen}. They see transports only by
 * their SPI: {@link org.jvmipc.cli.talk.Route} says how the messages of one address are marked off, {@link
 * org.jvmipc.cli.talk.Splitter} cuts standard input into messages, {@link org.jvmipc.cli.talk.MessagePrinter} prints them.
 */
@NullMarked
package org.jvmipc.cli.talk;

import org.jspecify.annotations.NullMarked;
