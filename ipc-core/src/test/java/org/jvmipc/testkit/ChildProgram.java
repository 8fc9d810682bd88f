package org.jvmipc.testkit;

import org.jvmipc.process.ParentJvm;

/**
 * What a child JVM of a test does. {@link ChildPrograms} has the usual ones by name; a class of a test's own has a
 * constructor without arguments and is named by its class.
 */
@FunctionalInterface
public interface ChildProgram {
    /**
     * Runs in the child. When it returns the child ends with code 0, when it throws with code 1 and the stack trace on
     * standard error.
     *
     * @param parent has the endpoints, and is told when the child is ready
     */
    void run(ParentJvm parent, String[] arguments) throws Exception;
}
