/**
 * What every verb stands on: where output goes ({@link org.jvmipc.cli.frame.Stdout} for data, {@link org.jvmipc.cli.frame.Talk}
 * for people), what a failure says and which code it ends with, the options of every verb, tables, JSON, colours.
 */
@NullMarked
package org.jvmipc.cli.frame;

import org.jspecify.annotations.NullMarked;
