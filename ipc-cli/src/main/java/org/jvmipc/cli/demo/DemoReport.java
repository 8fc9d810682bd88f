package org.jvmipc.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a demo has shown.
 *
 * @param why what broke the law, or kept the demo from being tried; null with {@link Verdict#PASS}
 * @param headline what has held, on one line: for a person, with {@link Verdict#PASS}
 * @param law what must hold
 * @param processes how many took part
 * @param leftovers how many processes and descriptors it left behind
 * @param nanos how long the whole took
 * @param peers its children
 * @param facts what is special to the mechanism: numbers, words and truth values by their JSON names
 * @param shown the same for a person: a label and a sentence each
 */
public record DemoReport(
        String mechanism,
        Verdict verdict,
        @Nullable String why,
        String headline,
        String law,
        int processes,
        Tally tally,
        int leftovers,
        long nanos,
        List<Peer> peers,
        Map<String, Object> facts,
        Map<String, String> shown) {
    /** The name and version of {@link #toMap()}. */
    public static final String SCHEMA = "ipc.demo/1";

    /** As JSON has it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA);
        map.put("mechanism", mechanism);
        map.put("verdict", verdict.name());
        if (why != null) {
            map.put("why", why);
        }
        map.put("law", law);
        map.put("processes", processes);
        map.put("sent", tally.sent());
        map.put("received", tally.received());
        map.put("lost", tally.lost());
        map.put("duplicated", tally.duplicated());
        map.put("reordered", tally.reordered());
        map.put("corrupt", tally.corrupt());
        map.put("leftovers", leftovers);
        map.put("nanos", nanos);
        List<Map<String, Object>> children = new ArrayList<>();
        for (Peer peer : peers) {
            children.add(peer.toMap());
        }
        map.put("peers", children);
        map.put("facts", facts);
        return map;
    }
}
