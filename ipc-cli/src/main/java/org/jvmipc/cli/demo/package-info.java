/**
 * The demos of the command: for each mechanism a parent and children, two real processes and more, that exchange messages
 * and verify every byte of them. {@link org.jvmipc.cli.demo.Demos} lists them; {@link org.jvmipc.cli.demo.PipeParent} and
 * {@link org.jvmipc.cli.demo.PipeChild} are a pair to read.
 */
@NullMarked
package org.jvmipc.cli.demo;

import org.jspecify.annotations.NullMarked;
