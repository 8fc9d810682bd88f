package org.jvmipc;

/**
 * A component that has no form in a message, or bytes that are no such component. Its message begins with the path from
 * the message to the component, such as {@code Order.items[3].price}, which grows on the way out.
 */
final class ComponentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private String path;

    /**
     * The innermost end of the path.
     *
     * @param problem what is said behind the path, with the space or colon between them
     */
    ComponentException(String path, String problem) {
        this.path = path;
        this.problem = problem;
    }

    ComponentException(String path, String problem, Throwable cause) {
        super(cause);
        this.path = path;
        this.problem = problem;
    }

    /** The same, seen from one step further out; that step may have no name of its own. */
    ComponentException within(String outer) {
        boolean joined = outer.isEmpty() || path.isEmpty() || path.startsWith("[");
        path = outer + (joined ? "" : ".") + path;
        return this;
    }

    @Override
    public String getMessage() {
        return path + problem;
    }
}
