/** What the bench mains of all modules measure with. They are run by hand, pinned, and by pairs; no test runs them. */
@NullMarked
package org.jvmipc.testkit.bench;

import org.jspecify.annotations.NullMarked;
