/**
 * The demo of the anonymous pipe: {@link org.jvmipc.cli.demo.pipe.PipeParent} and
 * {@link org.jvmipc.cli.demo.pipe.PipeChild} are the pair to read, {@link org.jvmipc.cli.demo.pipe.PipeSurvivor} is the
 * parent of a child that is killed.
 */
@NullMarked
package org.jvmipc.cli.demo.pipe;

import org.jspecify.annotations.NullMarked;
