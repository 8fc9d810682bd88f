/**
 * The command {@code ipc}: {@link org.jvmipc.cli.IpcMain}, one class for each verb, and what all of them share: exit
 * codes, errors, output.
 */
@NullMarked
package org.jvmipc.cli;

import org.jspecify.annotations.NullMarked;
