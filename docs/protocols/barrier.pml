/*
 * The barrier of docs/protocols/segment.md: how many have arrived, the generation, whether it is broken and how the last generations
 * ended, in one word; and a sequence with a bit that somebody waits, which is the futex.
 *
 * Two processes meet twice; the first one may run out of time once while it sleeps, takes its arrival back, and comes again. It is reset
 * once, at any time while all live; who waits then comes again. Both may vanish after any step that makes a difference for the other,
 * MAX_CRASHES in all; a repair may have to begin again.
 *
 * Checked: who goes through has met the other; nobody sleeps for ever (no invalid end state); both have gone through equally often if
 * neither has vanished. With -DUNSIGNED who arrives looks whether he has to wait before he says that he does, with -DKEEPS who runs out
 * of time leaves his arrival there, with -DFORGETS nobody remembers how a generation has ended: Spin finds what goes wrong in each.
 */
#define N 2
#define ROUNDS 2
#define GENERATIONS 8
#ifndef MAX_CRASHES
#define MAX_CRASHES 1
#endif
#define MAX_RESTARTS 1

byte generation = 0;
byte arrived = 0;
bool broken = false;
bool ended_badly[GENERATIONS];
bool waiters = false;

bool there[N];   /* has arrived, and neither left nor gone through */
bool met[N];     /* has been there when the other came */
byte rounds[N];
bool asleep[N];
bool dead[N];
bool repaired[N];
byte crashes = 0;
byte restarts = 0;
byte running = N;

#define WAKE_ALL asleep[0] = false; asleep[1] = false

/* In the step that it follows. */
inline crash() {
    if
    :: crashes < MAX_CRASHES -> crashes++; dead[me] = true; asleep[me] = false; goto vanished
    :: true
    fi
}

proctype Process(byte me) {
    byte mine = 0;
    bool timed = false;

again:
    atomic {
        mine = 0;
        if
        :: rounds[me] == ROUNDS -> goto vanished
        :: broken -> assert(dead[1 - me]); goto vanished
        :: !broken && rounds[me] < ROUNDS && arrived + 1 < N ->
            arrived++;
            mine = generation;
            there[me] = true;
            crash();
            goto wait
        :: !broken && rounds[me] < ROUNDS && arrived + 1 == N ->
            assert(there[1 - me]);
            there[1 - me] = false;
            met[1 - me] = true;
            arrived = 0;
            ended_badly[generation] = false;
            generation++;
            rounds[me]++;
            crash()
        fi
    }
    atomic { waiters = false; crash() };
    atomic { WAKE_ALL; goto again };

wait:
#ifndef UNSIGNED
    atomic { waiters = true; crash() };
#endif
    atomic {
        if
#ifdef FORGETS
        :: generation != mine -> assert(met[me]); met[me] = false; rounds[me]++; goto again
#else
        :: generation != mine && !ended_badly[mine] -> assert(met[me]); met[me] = false; rounds[me]++; goto again
        :: generation != mine && ended_badly[mine] -> goto again
#endif
        :: generation == mine && broken -> there[me] = false; goto vanished
        :: generation == mine && !broken
        fi
    }
#ifdef UNSIGNED
    waiters = true;
#endif
    asleep[me] = waiters;
    do
    :: !asleep[me] -> goto wait
    :: me == 0 && !timed -> atomic { asleep[me] = false; timed = true }; goto leave
    :: crashes < MAX_CRASHES -> atomic { crash() }
    od;
leave:
    atomic {
        if
        :: generation != mine && !ended_badly[mine] -> assert(met[me]); met[me] = false; rounds[me]++
        :: generation != mine && ended_badly[mine]
        :: generation == mine && broken -> there[me] = false; goto vanished
        :: generation == mine && !broken ->
            there[me] = false;
#ifndef KEEPS
            arrived--;
#endif
            crash()
        fi;
        goto again
    }

vanished:
    atomic { mine = 0; timed = false; running-- }
}

proctype Resetter() {
    atomic {
        if
        :: !dead[0] && !dead[1] && !broken ->
            ended_badly[generation] = true;
            generation++;
            arrived = 0;
            there[0] = false;
            there[1] = false
        :: else -> goto done
        fi
    }
    waiters = false;
    atomic { WAKE_ALL };
done:
    skip
}

/* In the step that it follows. */
inline again_perhaps() {
    if
    :: restarts < MAX_RESTARTS -> restarts++; victim = 0; goto end
    :: true
    fi
}

proctype Repairer() {
    byte victim = 0;
end:
    do
    :: dead[0] && !repaired[0] -> victim = 0; goto repair
    :: dead[1] && !repaired[1] -> victim = 1; goto repair
    :: running == 0 && (!dead[0] || repaired[0]) && (!dead[1] || repaired[1]) -> goto done
    od;
repair:
    atomic { broken = true; again_perhaps() };
    atomic { waiters = false; again_perhaps() };
    atomic { WAKE_ALL; again_perhaps() };
    atomic { repaired[victim] = true; victim = 0; goto end };
done:
    assert(dead[0] || dead[1] || rounds[0] == rounds[1])
}

init {
    atomic { run Process(0); run Process(1); run Resetter(); run Repairer() }
}
