/**
 * The demo of the dining philosophers: {@link org.jvmipc.cli.demo.dining.Philosopher} is the process to read, of which several
 * eat; {@link org.jvmipc.cli.demo.dining.DiningParent} lays the table, and kills one that has a fork or two in its hands.
 */
@NullMarked
package org.jvmipc.cli.demo.dining;

import org.jspecify.annotations.NullMarked;
