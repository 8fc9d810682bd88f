/*
 * The name of a segment, of docs/protocols/segment.md: who joins, and who removes the name or cleans it away.
 *
 * Two processes open the file that has the name, hold the lifecycle byte shared while they look whether the name is still that
 * file's and light their beacon, use the file, and leave. A cleaner removes the name of a file that nobody uses; it holds the
 * byte alone meanwhile. Somebody makes the file anew when there is none. All may vanish at any step: their locks come back.
 *
 * Checked: a file that somebody has joined is never cleaned away; who joins has joined the file that had the name then.
 */
#define FILES 2
#define MAX_CRASHES 1

byte named = 1;             /* which file has the name, 0 none */
byte made = 1;
byte shared[FILES + 1];     /* how many hold the file's lifecycle byte shared */
bool alone[FILES + 1];      /* whether somebody holds it alone */
byte lit[FILES + 1];        /* beacons */
byte crashes = 0;

proctype User(byte me) {
    byte file = 0;
    bool holds = false;
    bool joined = false;
again:
    do
    :: atomic { named != 0 -> file = named }; break     /* open */
    :: atomic { named == 0 && made < FILES -> made++; named = made; lit[made]++; joined = true; file = made }; goto in
    :: named == 0 && made == FILES -> goto done
    od;
    if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
    atomic { !alone[file] -> shared[file]++; holds = true };
    if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
    if
    :: named != file -> atomic { shared[file]--; holds = false }; goto again
    :: else
    fi;
    if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
    atomic { lit[file]++; joined = true };
    assert(named == file);
    if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
    atomic { shared[file]--; holds = false };
in:
    if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
vanish:                     /* or leaves, which comes to the same for the kernel */
    atomic {
        if :: holds -> shared[file]--; holds = false :: else fi;
        if :: joined -> lit[file]--; joined = false :: else fi;
        file = 0
    };
done:
    skip
}

proctype Cleaner() {
    byte file = 0;
    bool holds = false;
    byte rounds = 0;
    do
    :: rounds == 1 -> break
    :: atomic { named != 0 -> file = named };
        rounds++;
        if
        :: atomic { shared[file] == 0 && !alone[file] -> alone[file] = true; holds = true }
        :: shared[file] != 0 || alone[file] -> goto next
        fi;
        if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
        if
        :: named == file && lit[file] == 0 ->
            if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
            atomic { assert(lit[file] == 0); named = (named == file -> 0 : named) }
        :: else
        fi;
        if :: crashes < MAX_CRASHES -> crashes++; goto vanish :: true fi;
        atomic { alone[file] = false; holds = false };
next:   skip
    :: named == 0 -> rounds++
    od;
vanish:
    atomic {
        if :: holds -> alone[file] = false; holds = false :: else fi;
        file = 0
    }
}

init {
    atomic { run User(0); run User(1); run Cleaner() }
}
