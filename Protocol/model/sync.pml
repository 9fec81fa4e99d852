/* reader-sync's protocol: two devices of one reader, one server, one register (a consent: opt-out wins).
 *
 * What happens here follows Protocol/spec.md, and where that leaves a choice, the code: PushSession, SyncAnswer,
 * RestoreIntake and RestorePlacement on the server; Replica+Push, +Pull, +Restore, +Snapshot and ClientSession on the
 * device. Every d_step is one transaction. See README.md for what is left out, and Tools/model-check for how to run it.
 *
 * A reader's act is a number 1...NU, its "change". Its name (author and number), value and true causes are kept in
 * arrays beside it; what a device or the server *knows* is in Device and in the log. Contexts (`seen` and `also`) are
 * sets of sequences, one bit for each. */

mtype = { in, out, unsent, sent, current, superseded };

/* Bounds; Tools/model-check sets them with -D. */
#ifndef NA
#define NA 2            /* changes that device 0 makes, at most */
#endif
#ifndef NB
#define NB 1            /* changes that device 1 makes, at most */
#endif
#ifndef NX
#define NX 0            /* changes that a device may name anew under a new identity, at most */
#endif
#ifndef FAULTS
#define FAULTS 1        /* requests lost, answers lost, devices crashed: together, at most */
#endif
#ifndef RESTORES
#define RESTORES 0      /* times the server is replaced by an older backup of itself, at most */
#endif
#ifndef COMPACTIONS
#define COMPACTIONS 0   /* times the server compacts its log up to its head, at most */
#endif
#ifndef STALE
#define STALE 0         /* pushes that the network delivers a second time, at any later moment */
#endif
#ifndef PAGE
#define PAGE 1          /* entries in an answer */
#endif
#ifndef OFFERS
#define OFFERS 7        /* entries in an offer */
#endif
#ifndef PAGES
#define PAGES 1         /* pages of a snapshot: 1, or 2, of which either may have the register */
#endif
#ifndef PROPS
#define PROPS 32767    /* which properties are checked, one bit for each */
#endif
#ifndef GOAL
#define GOAL 0          /* which situation is shown to be reachable (its "violation" is the proof) */
#endif

#define NU (NA + NB + NX)
#if NU > 7
#error "contexts are bytes: at most seven changes"
#endif
#define SIZE 8

/* The properties, named as in spec.md. The name is part of the assertion, so that pan prints it. */
hidden byte gapless, applied_once, numbers_stand, opt_out_wins, cursor_never_skips, acknowledges_what_was_sent,
    convergence, conservation, no_acknowledged_change_lost, seen_within_cursor, bounds_suffice;
#define CHECK(bit, name, e) if :: ((PROPS >> bit) & 1) -> assert(name || (e)) :: else fi
#define P_GAPLESS 0
#define P_ONCE 1
#define P_NUMBERS 2
#define P_OPTOUT 3
#define P_CURSOR 4
#define P_ACK 5
#define P_CONVERGE 6
#define P_CONSERVE 7
#define P_LOST 8
#define P_DRAINS 9
#define P_SEEN 10
hidden byte goal;
#define REACHED(n) if :: (GOAL == n) -> assert(goal) :: else fi

#define BIT(i) (1 << (i))
#define BELOW(n) ((1 << ((n) + 1)) - 2)             /* sequences 1...n */
#define AUTHOR(d) ((d) + 2 * dev[d].incarnation)
#define AUTHOR_OF(u) (name[u] >> 3)
#define NUMBER_OF(u) (name[u] & 7)

#define OF_ONE(v, u) (AUTHOR_OF(v) == AUTHOR_OF(u))

/* Whether version `v` gives way to `u` of its own author, whatever `u` had seen: if it is older. If it is newer, `u`,
 * which comes late, is overtaken, and is no version. */
#ifdef ERR_LATE_COMES_LAST
#define GIVES_WAY(v, u) OF_ONE(v, u)
#else
#define GIVES_WAY(v, u) (OF_ONE(v, u) && NUMBER_OF(v) < NUMBER_OF(u))
#endif

/* States of a row; ChangeRecord.State. */
#define NONE 0
#define UNSENT 1        /* pending, without a number */
#define SENT 2          /* pending, numbered: it may have left */
#define CURRENT 3       /* a version of its register in the log up to the cursor */
#define SUPERSEDED 4
#define PENDING(d, u) (dev[d].row[u] == UNSENT || dev[d].row[u] == SENT)

/* Where a session stands; the request or answer under way. */
#define IDLE 0
#define LOADED 1        /* what is to be pushed has its numbers; the request is under way */
#define ANSWERED 2      /* the answer is under way */
#define LOCATING 3      /* cursor refused: asks which of its old cursors is good */
#define OFFERING 4
#define PLACED 5        /* the answer to an offer is under way */
#define SNAPSHOT 6      /* asks for a snapshot */
#define STAGED 7        /* holds it, not yet taken over */
#define CHECKING 9      /* asks whether the server is still the one that the repair is about */
#define PAGED 10        /* has its first page */
#define RENAMING 8      /* has taken in what is there, and now leaves its identity */

/* Kinds of answers. */
#define OK 1
#define MISMATCH 2
#define EXPIRED 3
#define FORKED 4

#define NOWHERE 255     /* no common cursor: the history is the same, only the snapshot is newer */

typedef Device {
    /* durable */
    byte row[SIZE];
    byte seen[SIZE];
    byte seq[SIZE];
    byte moved[SIZE];
    byte cursor;
    int prefix;
    int checkpoint[SIZE];       /* prefixes of the cursors at which it stood, by sequence; 0: none */
    byte next;                  /* the next number */
    byte incarnation;
    byte made;                  /* how many changes its reader made */
    byte shows;                 /* derived: 0 nothing, 1 opt-in, 2 opt-out, 3 both, so that the reader is asked */
    bit needs;                  /* derived: a sync would change something */
    /* volatile: lost in a crash */
    byte phase;
    bit absorbing;
    byte common;
    int commonPrefix;
    byte after;
    byte anchor;                /* the newest place that a repair has relied on: the snapshot must reach it */
    int anchorPrefix;
    byte kind;
    byte to;                    /* the answer's cursor */
    int toPrefix;
    byte which;                 /* the answer's positions (versions of a snapshot, entries of a page) */
    byte what[SIZE];            /* changes at these positions; after an offer: places by change */
    byte whatSeen[SIZE];
    byte settled;
    bit more;
};
Device dev[2];

/* The server: all durable. */
byte head;
byte logged[SIZE];
byte loggedSeen[SIZE];
byte digest[SIZE];              /* what was sent under the entry's name: its context then */
byte highWater[6];
byte floor;

/* The network: one push that is delivered again. */
byte staleFrom = 255;
byte staleCursor;
int stalePrefix;
byte staleWhich;
byte staleSeen[SIZE];

/* The world's ledger: never read by the protocol. */
byte name[SIZE];                /* author * 8 + number; 0: not numbered */
bit optIn[SIZE];
byte causes[SIZE];              /* the changes that its reader had before them, directly or not */
byte coalesced;                 /* replaced on the device before they counted */
byte acknowledged;
byte extra;
byte faults = FAULTS;
byte restores = RESTORES;
byte compactions = COMPACTIONS;
byte stales = STALE;

#ifdef ERR_STALE_ANSWER
byte oldFor, oldTo, oldWhich;
int oldPrefix;
byte oldWhat[SIZE];
byte oldSeen[SIZE];
#endif

bit restless;                   /* derived: something is left to do */
bit overrun;                    /* a bound of the model was met: nothing moves any more */

hidden byte i, j, k, n, u, v, w, p, q, a, h, ver, bad, alive, dead, count, last;
hidden byte context[SIZE];
hidden int hash;
hidden byte found;

/* ------------------------------------------------------------------------------------------------ common rules */

/* hash := the prefix of the log's first `to_` entries: from the entries' contents alone, so that a log that is put
 * together again gets its old prefixes back. */
inline prefix_of(to_) {
    hash = 0; i = 1;
    do
    :: i <= to_ -> hash = (hash * 1021 + logged[i] * 256 + loggedSeen[i] + 1) % 2000003; i++
    :: else -> break
    od
}

/* p := where the log has change `u_`; 0: nowhere. */
inline find(u_) {
    p = 0; i = 1;
    do
    :: i <= head -> if :: logged[i] == u_ -> p = i :: else fi; i++
    :: else -> break
    od
}

/* p := where the log has an entry of this name; 0: nowhere. */
inline find_name(n_) {
    p = 0; i = 1;
    do
    :: i <= head -> if :: name[logged[i]] == n_ -> p = i :: else fi; i++
    :: else -> break
    od
}

/* ver := the positions that are versions after the log's first `to_` entries (spec §4). */
inline fold(to_) {
    ver = 0; i = 1;
    do
    :: i <= to_ ->
        j = 1; bad = 0;
        do
        :: j < i ->
            if
            :: GIVES_WAY(logged[j], logged[i]) || (loggedSeen[i] & BIT(j)) -> ver = ver & (255 - BIT(j))
            :: else -> if :: (ver & BIT(j)) && OF_ONE(logged[j], logged[i]) -> bad = 1 :: else fi
            fi;
            j++
        :: else -> break
        od;
        if :: !bad -> ver = ver | BIT(i) :: else -> REACHED(11) fi;
        i++
    :: else -> break
    od
}

/* alive := the changes that device `d_` shows: its registers with its pending changes on top, in order. */
inline fold_device(d_) {
    alive = 0; u = 1;
    do
    :: u <= NU -> if :: dev[d_].row[u] == CURRENT -> alive = alive | BIT(u) :: else fi; u++
    :: else -> break
    od;
    n = 1;
    do
    :: n <= dev[d_].next ->     /* the last round is that of the change without a number */
        u = 1;
        do
        :: u <= NU ->
            if
            :: (dev[d_].row[u] == SENT && NUMBER_OF(u) == n) || (dev[d_].row[u] == UNSENT && n == dev[d_].next) ->
                v = 1; bad = 0;
                do
                :: v <= NU ->
                    if
                    :: (alive & BIT(v)) && (PENDING(d_, v) || (dev[d_].row[u] == SENT && GIVES_WAY(v, u)) ||
                        (dev[d_].row[u] == UNSENT && AUTHOR_OF(v) == AUTHOR(d_)) ||
                        (dev[d_].seen[u] & BIT(dev[d_].seq[v]))) -> alive = alive & (255 - BIT(v))
                    :: else -> if :: (alive & BIT(v)) && AUTHOR_OF(v) == AUTHOR(d_) -> bad = 1 :: else fi
                    fi;
                    v++
                :: else -> break
                od;
                if :: !bad -> alive = alive | BIT(u) :: else fi
            :: else
            fi;
            u++
        :: else -> break
        od;
        n++
    :: else -> break
    od
}

/* dead := the opt-outs among the changes `set_` that no change of the set came after. */
inline lasting_opt_outs(set_) {
    dead = 0; i = 1;
    do
    :: i <= NU ->
        if
        :: (set_ & BIT(i)) && !optIn[i] ->
            j = 1; bad = 0;
            do
            :: j <= NU -> if :: (set_ & BIT(j)) && (causes[j] & BIT(i)) -> bad = 1 :: else fi; j++
            :: else -> break
            od;
            if :: bad == 0 -> dead = dead | BIT(i) :: else fi
        :: else
        fi;
        i++
    :: else -> break
    od
}

/* ------------------------------------------------------------------------------------------------- narrative */

/* What a replayed trail prints (pan itself prints nothing): a change is `D0.1` (first name: author, number), contexts
 * are sets of sequences in binary digits, 2 for sequence 1, 4 for 2, 8 for 3 ... */
inline tell_change(u_) { printf("#%d(%e%d.%d)", u_, (optIn[u_] -> in : out), AUTHOR_OF(u_), NUMBER_OF(u_)) }

inline tell_all() {
    printf("        log:"); i = 1;
    do
    :: i <= head -> printf(" %d:", i); tell_change(logged[i]); printf("seen=%d", loggedSeen[i]); i++
    :: else -> break
    od;
    printf("\n");
    j = 0;
    do
    :: j < 2 ->
        printf("        device %d, cursor %d:", j, dev[j].cursor); i = 1;
        do
        :: i <= NU ->
            if
            :: dev[j].row[i] != NONE ->
                printf(" "); tell_change(i);
                printf("%eat=%d seen=%d", (dev[j].row[i] == UNSENT -> unsent : (dev[j].row[i] == SENT -> sent :
                    (dev[j].row[i] == CURRENT -> current : superseded))), dev[j].seq[i], dev[j].seen[i])
            :: else
            fi;
            i++
        :: else -> break
        od;
        printf("\n"); j++
    :: else -> break
    od
}

/* ---------------------------------------------------------------------------------------------------- checks */

/* found := whether the rule of the field picks an opt-out among the versions `shown_`: it does if there is one. */
inline picks_opt_out(shown_) {
    bad = 0; dead = 0; i = 1;
    do
    :: i <= NU ->
        if
        :: (shown_ & BIT(i)) && optIn[i] -> bad = 1
        :: (shown_ & BIT(i)) && !optIn[i] -> dead = 1
        :: else
        fi;
        i++
    :: else -> break
    od;
#ifdef ERR_OPT_IN_WINS
    found = (dead && !bad)
#else
    found = dead
#endif
}

/* opt-out-wins, of a set of changes `all_` of which `shown_` count. */
inline check_opt_out(all_, shown_) {
    lasting_opt_outs(all_);
    if
    :: dead != 0 ->
        picks_opt_out(shown_);
        CHECK(P_OPTOUT, opt_out_wins, found)
    :: else
    fi
}

inline check_server() {
    fold(head);
    w = 0; k = 0; i = 1;
    do
    :: i <= head ->
        w = w | BIT(logged[i]);
        if :: ver & BIT(i) -> k = k | BIT(logged[i]) :: else fi;
        i++
    :: else -> break
    od;
    check_opt_out(w, k)
}

/* What must hold of a device after each of its transactions. */
inline check_device(d_) {
    fold_device(d_);
    w = 0; u = 1;
    do
    :: u <= NU -> if :: dev[d_].row[u] != NONE -> w = w | BIT(u) :: else fi; u++
    :: else -> break
    od;
    check_opt_out(w, alive);
    picks_opt_out(alive);
    dev[d_].shows = bad + 2 * dead;
    if :: dev[d_].shows == 3 -> REACHED(6) :: else fi;
    /* cursor-never-skips: if the cursor is one of the log's, the registers are those of the log up to it. */
    if
    :: dev[d_].cursor <= head ->
        prefix_of(dev[d_].cursor);
        if
        :: hash == dev[d_].prefix ->
            fold(dev[d_].cursor);
            w = 0; u = 1;
            do
            :: u <= NU ->
                if
                :: dev[d_].row[u] == CURRENT ->
                    w = w | BIT(dev[d_].seq[u]);
                    if :: logged[dev[d_].seq[u]] != u -> w = w | 1 :: else fi
                :: else
                fi;
                u++
            :: else -> break
            od;
            CHECK(P_CURSOR, cursor_never_skips, w == ver)
        :: else
        fi
    :: else
    fi
}

#ifdef ERR_PREFIX_UNCHECKED
#define AT_HEAD(d) (dev[d].cursor == head && (head > 0 || floor == 0))
#else
#define AT_HEAD(d) (dev[d].cursor == head && dev[d].prefix == hash && (head > 0 || floor == 0))
#endif

/* Works out what is derived: whether a device has a reason to sync, and whether nothing is left to do. */
inline look_around() {
    prefix_of(head);
    dev[0].needs = !AT_HEAD(0) || dev[0].absorbing;
    dev[1].needs = !AT_HEAD(1) || dev[1].absorbing;
    u = 1;
    do
    :: u <= NU ->
        if :: PENDING(0, u) -> dev[0].needs = true :: else fi;
        if :: PENDING(1, u) -> dev[1].needs = true :: else fi;
        u++
    :: else -> break
    od;
    restless = (dev[0].needs || dev[1].needs || dev[0].phase != IDLE || dev[1].phase != IDLE) && !overrun
}

/* w := the changes that are in the log, or were followed there by one that had seen them. */
inline held() {
    w = 0; i = 1;
    do
    :: i <= head -> w = w | BIT(logged[i]) | causes[logged[i]]; i++
    :: else -> break
    od
}

/* What must hold whenever there is nothing left to do. */
inline check_quiet() {
    look_around();
    tell_all();
    if
    :: !restless && !overrun ->
        REACHED(1);
        fold(head);
        u = 1;
        do
        :: u <= NU ->
            CHECK(P_CONVERGE, convergence,
                (dev[0].row[u] == CURRENT) == (dev[1].row[u] == CURRENT) &&
                (dev[0].row[u] != CURRENT || (dev[0].seq[u] == dev[1].seq[u] && (ver & BIT(dev[0].seq[u])))));
            u++
        :: else -> break
        od;
        held();
        CHECK(P_LOST, no_acknowledged_change_lost, (acknowledged & (255 - w)) == 0);
        u = 1;
        do
        :: u <= NU ->
            if
            :: dev[0].row[u] != NONE || dev[1].row[u] != NONE ->
                CHECK(P_CONSERVE, conservation, (w & BIT(u)) || (coalesced & BIT(u)))
            :: else
            fi;
            u++
        :: else -> break
        od
    :: else
    fi
}

/* ---------------------------------------------------------------------------------------------------- server */

/* What a finished or broken session leaves: nothing. */
inline forget_answer(d) {
    dev[d].kind = 0; dev[d].to = 0; dev[d].toPrefix = 0; dev[d].which = 0; dev[d].settled = 0; dev[d].more = 0;
    i = 0;
    do
    :: i < SIZE -> dev[d].what[i] = 0; dev[d].whatSeen[i] = 0; i++
    :: else -> break
    od
}

inline forget_session(d) {
    forget_answer(d);
    dev[d].phase = IDLE; dev[d].absorbing = false; dev[d].common = 0; dev[d].commonPrefix = 0; dev[d].after = 0;
    dev[d].anchor = 0; dev[d].anchorPrefix = 0
}

/* A repair is done: the session goes on, and is over here, unless it is about to leave its identity. */
inline resume(d) {
    k = dev[d].absorbing;
    forget_session(d);
    if :: k -> dev[d].absorbing = true; dev[d].phase = LOADED :: else fi
}

inline append(u_, seen_, digest_) {
    find(u_);
    CHECK(P_ONCE, applied_once, p == 0);
    head++;
    logged[head] = u_; loggedSeen[head] = seen_; digest[head] = digest_;
    if :: NUMBER_OF(u_) > highWater[AUTHOR_OF(u_)] -> highWater[AUTHOR_OF(u_)] = NUMBER_OF(u_) :: else fi
}

/* k := what a cursor is to the log (spec §5, ReferenceServer+Sync.checkCursor). The prefixes of what is compacted are
 * kept, so that a cursor below the floor is known to be of another history. */
#ifdef ERR_EXPIRED_FIRST
#define KNOWS_PREFIX(at) ((at) >= floor)
#else
#define KNOWS_PREFIX(at) true
#endif
inline check_cursor(at_, prefix_) {
    if
    :: at_ == 0 -> k = (floor > 0 -> EXPIRED : OK)
    :: at_ > head -> k = MISMATCH
#ifdef ERR_EXPIRED_FIRST
    :: at_ > 0 && at_ <= head && at_ < floor -> k = EXPIRED
#endif
    :: else ->
        prefix_of(at_);
#ifdef ERR_PREFIX_UNCHECKED
        k = OK
#else
        k = (hash != prefix_ -> MISMATCH : (at_ < floor -> EXPIRED : OK))
#endif
    fi
}

/* Whether what was sent under a name is what is sent now: repairs change the context, so it is no part of that. */
#ifdef ERR_CONTEXT_IN_DIGEST
#define SAME_DIGEST(p, u) (digest[p] == context[u])
#else
#define SAME_DIGEST(p, u) true
#endif

/* Takes the changes `set_` of author `a` (with contexts `context`) or none (PushSession). k := OK or FORKED;
 * w := those that are settled. */
inline take_push(set_, at_) {
    k = OK; w = 0; h = highWater[a]; n = 1;
    do
    :: n < 8 ->
        u = 1;
        do
        :: u <= NU ->
            if
            :: (set_ & BIT(u)) && name[u] == a * 8 + n && k == OK ->
                if
                :: n <= h ->
                    find_name(name[u]);
                    if
                    :: p > 0 && logged[p] == u && SAME_DIGEST(p, u) ->
                        REACHED(2);
                        if :: p <= at_ -> w = w | BIT(u); REACHED(3) :: else fi
                    :: else ->
                        CHECK(P_NUMBERS, numbers_stand, p == 0);
                        REACHED(4);
                        k = FORKED
                    fi
#ifndef ERR_GAP_UNCHECKED
                :: n > h + 1 -> REACHED(5); k = FORKED
#endif
                :: else ->
                    CHECK(P_SEEN, seen_within_cursor, (context[u] & (255 - BELOW(at_))) == 0);
                    h = n
                fi
            :: else
            fi;
            u++
        :: else -> break
        od;
        n++
    :: else -> break
    od;
    if
    :: k == OK ->
        n = highWater[a] + 1;
        do
        :: n <= h ->
            u = 1;
            do
            :: u <= NU ->
                if
                :: (set_ & BIT(u)) && name[u] == a * 8 + n ->
                    CHECK(P_GAPLESS, gapless, n == highWater[a] + 1);
                    append(u, context[u], context[u])
                :: else
                fi;
                u++
            :: else -> break
            od;
            n++
        :: else -> break
        od
    :: else
    fi
}

#ifdef ERR_NOT_SENT_AGAIN
#define SENT_AGAIN faults == FAULTS
#else
#define SENT_AGAIN true
#endif

/* The changes that a device pushes: all that are numbered. last := their set, context := what they had seen. */
inline pushes(d_) {
    last = 0; u = 1;
    do
    :: u <= NU && !dev[d_].absorbing ->
        context[u] = dev[d_].seen[u];
        if :: dev[d_].row[u] == SENT && SENT_AGAIN -> last = last | BIT(u) :: else fi;
        u++
    :: else -> break
    od
}

/* POST /v1/sync: one transaction of the server. */
inline serve_sync(d) {
    a = AUTHOR(d);
    dev[d].settled = 0;
    check_cursor(dev[d].cursor, dev[d].prefix);
    if
    :: k == OK ->
        pushes(d);
        take_push(last, dev[d].cursor);
        dev[d].settled = w
    :: else
    fi;
    dev[d].kind = k;
    if
    :: k == OK ->
        i = dev[d].cursor + 1;
        do
        :: i <= head && i <= dev[d].cursor + PAGE ->
            dev[d].which = dev[d].which | BIT(i);
            dev[d].what[i] = logged[i];
            dev[d].whatSeen[i] = loggedSeen[i];
            i++
        :: else -> break
        od;
        dev[d].to = i - 1;
        dev[d].more = (dev[d].to < head);
        prefix_of(dev[d].to);
        dev[d].toPrefix = hash;
        check_server()
    :: else
    fi
}

/* The network keeps a copy of the push. */
inline copy_push(d) {
    pushes(d);
    staleFrom = AUTHOR(d); staleCursor = dev[d].cursor; stalePrefix = dev[d].prefix; staleWhich = last;
    u = 1;
    do
    :: u <= NU -> if :: last & BIT(u) -> staleSeen[u] = dev[d].seen[u] :: else fi; u++
    :: else -> break
    od
}

inline load_stale() {
    u = 1;
    do
    :: u <= NU -> context[u] = staleSeen[u]; u++
    :: else -> break
    od
}

/* ... and delivers it; nobody hears the answer. */
inline serve_stale() {
    printf("network: delivers the copy\n");
    a = staleFrom;
    check_cursor(staleCursor, stalePrefix);
    if
    :: k == OK -> load_stale(); take_push(staleWhich, staleCursor); check_server()
    :: else
    fi;
    staleFrom = 255; staleCursor = 0; stalePrefix = 0; staleWhich = 0;
    u = 1;
    do
    :: u < SIZE -> staleSeen[u] = 0; u++
    :: else -> break
    od
}

/* POST /v1/state/common: the newest checkpoint that is part of the log. */
inline serve_common(d) {
    q = 7; dev[d].common = 0; dev[d].commonPrefix = 0;
    do
    :: q >= 1 ->
        if
        :: dev[d].checkpoint[q] != 0 && q <= head && KNOWS_PREFIX(q) && dev[d].common == 0 ->
            prefix_of(q);
            if :: hash == dev[d].checkpoint[q] -> dev[d].common = q; dev[d].commonPrefix = hash :: else fi
        :: else
        fi;
        q--
    :: else -> break
    od;
    dev[d].after = dev[d].common
}

/* found := whether the device holds entries beyond `after`. */
inline has_offers(d) {
    found = false; u = 1;
    do
#ifndef ERR_NO_OFFERS
    :: u <= NU -> if :: dev[d].seq[u] > dev[d].after -> found = true :: else fi; u++
#endif
    :: else -> break
    od
}

/* Where an offered entry stands that was compacted away: where it stood; at the floor there may be another change of
 * the register, which the author of what is pending never saw. */
#ifdef ERR_PLACED_AT_FLOOR
#define COMPACTED_PLACE(p) floor
#else
#define COMPACTED_PLACE(p) p
#endif

/* found := whether the log still has what this repair relies on: `placed`, where it ended after the last offer. */
inline check_anchor(d) {
    found = (dev[d].anchor <= head);
    if
    :: found && dev[d].anchor > 0 -> prefix_of(dev[d].anchor); found = (hash == dev[d].anchorPrefix)
    :: else
    fi
}

/* POST /v1/state/restore (RestoreIntake, RestorePlacement). n: how far both logs are one. */
inline serve_restore(d) {
    k = OK;
    if
    :: dev[d].common > 0 ->
        if
        :: dev[d].common > head || !KNOWS_PREFIX(dev[d].common) -> k = MISMATCH
        :: else ->
            prefix_of(dev[d].common);
            k = (hash == dev[d].commonPrefix -> OK : MISMATCH)
        fi
    :: else
    fi;
#ifndef ERR_PLACED_UNCHECKED
    if
    :: k == OK -> check_anchor(d); k = (found -> OK : MISMATCH)
    :: else
    fi;
#endif
    dev[d].kind = k;
    if
    :: k == OK ->
        n = dev[d].common; count = 0; last = dev[d].after; q = dev[d].after + 1;
        do
        :: q < SIZE ->
            u = 1;
            do
            :: u <= NU ->
                if
                :: dev[d].seq[u] == q && count < OFFERS ->
                    find(u);
                    if
                    :: p > floor ->     /* it is there: it keeps its place */
                        if :: loggedSeen[p] == dev[d].seen[u] && p == q && q == n + 1 -> n = q :: else fi;
                        dev[d].what[u] = p
                    :: p > 0 && p <= floor -> dev[d].what[u] = COMPACTED_PLACE(p)
                    :: else ->
                        w = 0; v = 1;   /* saw: where the entries stand that it had seen */
                        do
                        :: v <= NU ->
                            if
                            :: dev[d].seq[v] > dev[d].common && dev[d].seq[v] < q &&
                                (dev[d].seen[u] & BIT(dev[d].seq[v])) ->
                                find(v);    /* what was compacted away counts if this very offer has it */
                                if
                                :: p > floor || (p > 0 && dev[d].seq[v] > dev[d].after) -> w = w | BIT(p)
                                :: else
                                fi
                            :: else
                            fi;
                            v++
                        :: else -> break
                        od;
#ifdef ERR_OFFER_NOT_REBASED
                        w = dev[d].seen[u];
#else
                        w = w | (dev[d].seen[u] & BELOW(n));
#endif
                        append(u, w, dev[d].seen[u]);
                        if :: head == q && q == n + 1 -> n = q :: else REACHED(7) fi;
                        dev[d].what[u] = head
                    fi;
                    count++; last = q
                :: else
                fi;
                u++
            :: else -> break
            od;
            q++
        :: else -> break
        od;
        prefix_of(n);
        dev[d].to = n; dev[d].toPrefix = hash; dev[d].after = last;
        prefix_of(head); dev[d].anchor = head; dev[d].anchorPrefix = hash;
        check_server()
    :: else
    fi
}

/* What a snapshot, or its page, has of the register after the log's first `to_` entries; and the cursor of its first
 * page. */
inline fill_versions(d, to_) {
    fold(to_);
    dev[d].which = ver;
    i = 1;
    do
    :: i <= to_ ->
        if :: ver & BIT(i) -> dev[d].what[i] = logged[i]; dev[d].whatSeen[i] = loggedSeen[i] :: else fi;
        i++
    :: else -> break
    od
}

inline fill_cursor(d) {
    prefix_of(head);
    dev[d].to = head; dev[d].toPrefix = hash
}

/* The second page of a snapshot: as the log was at the cursor of the first, which must still be good. What has expired
 * is asked for anew, and the repair goes on to rely on what it relied on. */
#ifdef ERR_PAGES_REACH_AHEAD
#define PAGE_AT(d) head
#else
#define PAGE_AT(d) dev[d].to
#endif
inline serve_second_page(d) {
    check_cursor(dev[d].to, dev[d].toPrefix);
    if
    :: k == OK ->
        if :: !dev[d].more -> last = PAGE_AT(d); fill_versions(d, last) :: else fi;
        staged(d)
    :: k == MISMATCH -> REACHED(13); forget_repair(d); dev[d].phase = LOCATING
    :: else -> REACHED(14); forget_answer(d); dev[d].phase = SNAPSHOT
    fi
}

/* GET /v1/state/snapshot: names no history, so it gets whatever the server has now. */
inline serve_snapshot(d) { fill_versions(d, head); fill_cursor(d); staged(d) }

inline forget_repair(d) {
    forget_answer(d);
    dev[d].common = 0; dev[d].commonPrefix = 0; dev[d].after = 0; dev[d].anchor = 0; dev[d].anchorPrefix = 0
}

/* The snapshot is put aside. */
inline staged(d) {
    dev[d].more = false;
#ifdef ERR_SNAPSHOT_UNTIED
    if :: dev[d].common != NOWHERE -> dev[d].anchor = 0; dev[d].anchorPrefix = 0 :: else fi;
#endif
    dev[d].phase = (dev[d].anchor > 0 -> CHECKING : STAGED)
}

/* POST /v1/state/common with the one cursor that the repair relies on, once the snapshot is put aside: a server that was
 * restored once more meanwhile lacks what was just placed. If the snapshot does not reach it, it is of such a server. */
inline serve_check(d) {
    check_anchor(d);
#ifndef ERR_SHORT_SNAPSHOT
    found = found && dev[d].to >= dev[d].anchor;
#endif
    if
    :: found -> dev[d].phase = STAGED
    :: else ->
        REACHED(12);
        if :: dev[d].common == NOWHERE -> REACHED(8) :: else fi;
        forget_repair(d); dev[d].phase = LOCATING
    fi;
    dev[d].anchor = 0; dev[d].anchorPrefix = 0
}

/* ---------------------------------------------------------------------------------------------------- device */

/* Replica.changesToPush: numbers are given durably, before anything leaves. */
inline load_push(d) {
    u = 1;
    do
    :: u <= NU && !dev[d].absorbing ->
        if
        :: dev[d].row[u] == UNSENT ->
            dev[d].row[u] = SENT; name[u] = AUTHOR(d) * 8 + dev[d].next; dev[d].next++
        :: else
        fi;
        u++
    :: else -> break
    od
}

#ifdef ERR_ACKNOWLEDGES_FIELD
#define acknowledge_other(d, u_) CHECK(P_ACK, acknowledges_what_was_sent, dev[d].row[u_] == SENT); dev[d].row[u_] = SUPERSEDED
#endif
inline acknowledge(d, u_) {
    CHECK(P_ACK, acknowledges_what_was_sent, dev[d].row[u_] == SENT);
#ifdef ERR_ACKNOWLEDGES_FIELD
    j = 1;
    do
    :: j <= NU -> if :: PENDING(d, j) && j != u_ -> acknowledge_other(d, j) :: else fi; j++
    :: else -> break
    od;
#endif
    acknowledged = acknowledged | BIT(u_)
}

/* An entry of a page (StateTransaction.take): change `u_` with context `s_` at sequence `q_`. */
inline take_entry(d, u_, s_, q_) {
    if
    :: dev[d].row[u_] != NONE && !PENDING(d, u_) && dev[d].seq[u_] == q_ -> skip    /* applied before */
    :: else ->
        if
        :: PENDING(d, u_) -> acknowledge(d, u_)
        :: else -> CHECK(P_ONCE, applied_once, dev[d].seq[u_] == 0)
        fi;
        acknowledged = acknowledged | BIT(u_);
        bad = 0; v = 1;
        do
        :: v <= NU ->
            if :: dev[d].row[v] == CURRENT && dev[d].seq[v] >= q_ -> bad = 1 :: else fi;
            v++
        :: else -> break
        od;
        last = bad; v = 1;      /* last: whether it is no version */
        do
        :: v <= NU && bad == 0 ->
            if
            :: dev[d].row[v] == CURRENT && (GIVES_WAY(v, u_) || (s_ & BIT(dev[d].seq[v]))) ->
                dev[d].row[v] = SUPERSEDED
            :: else -> if :: dev[d].row[v] == CURRENT && OF_ONE(v, u_) -> last = 1 :: else fi
            fi;
            v++
        :: else -> break
        od;
        dev[d].row[u_] = (last -> SUPERSEDED : CURRENT);
        dev[d].seq[u_] = q_; dev[d].seen[u_] = s_
    fi
}

/* Replica.apply: the page, acknowledgements and the cursor in one transaction. */
inline apply(d) {
    q = 1;
    do
    :: q < SIZE ->
        if :: dev[d].which & BIT(q) -> u = dev[d].what[q]; w = dev[d].whatSeen[q]; take_entry(d, u, w, q) :: else fi;
        q++
    :: else -> break
    od;
    u = 1;
    do
    :: u <= NU ->
        if
        :: (dev[d].settled & BIT(u)) && PENDING(d, u) -> acknowledge(d, u); dev[d].row[u] = SUPERSEDED
        :: else
        fi;
        u++
    :: else -> break
    od;
    move_cursor(d)
}

inline move_cursor(d) {
    dev[d].cursor = dev[d].to; dev[d].prefix = dev[d].toPrefix;
    dev[d].checkpoint[dev[d].to] = dev[d].toPrefix
}

/* Replica.recordRestore */
inline record_restore(d) {
    u = 1;
    do
    :: u <= NU ->
        if :: dev[d].what[u] != 0 && dev[d].seq[u] > dev[d].to -> dev[d].moved[u] = dev[d].what[u] :: else fi;
        u++
    :: else -> break
    od;
    if
    :: dev[d].to > dev[d].common ->
        dev[d].checkpoint[dev[d].to] = dev[d].toPrefix;
        if :: dev[d].to == dev[d].cursor -> dev[d].prefix = dev[d].toPrefix; REACHED(9) :: else fi
    :: else
    fi;
    dev[d].common = dev[d].to; dev[d].commonPrefix = dev[d].toPrefix
}

/* Whose contexts are rebased: of all that does not stand where it stood, since that may be offered to the next restored
 * log. */
#ifdef ERR_ROWS_NOT_REBASED
#define REBASED(d, u) PENDING(d, u)
#else
#define REBASED(d, u) (PENDING(d, u) || dev[d].seq[u] > dev[d].common)
#endif

/* Replica.adoptSnapshot */
inline adopt(d) {
    if
    :: dev[d].common != NOWHERE ->
        /* rebasePending, then the rows take their new places; checkpoints of the lost log go */
        u = 1;
        do
        :: u <= NU ->
            if
            :: REBASED(d, u) ->
                w = dev[d].seen[u] & BELOW(dev[d].common); v = 1;
                do
                :: v <= NU ->
                    if
                    :: dev[d].seq[v] > dev[d].common && dev[d].moved[v] != 0 && (dev[d].seen[u] & BIT(dev[d].seq[v])) ->
                        w = w | BIT(dev[d].moved[v])
                    :: else
                    fi;
                    v++
                :: else -> break
                od;
#ifndef ERR_PENDING_NOT_REBASED
                dev[d].seen[u] = w
#endif
            :: else
            fi;
            u++
        :: else -> break
        od;
        u = 1;
        do
        :: u <= NU ->
            if :: dev[d].seq[u] > dev[d].common -> dev[d].seq[u] = dev[d].moved[u]; dev[d].moved[u] = 0 :: else fi;
            if :: u > dev[d].common -> dev[d].checkpoint[u] = 0 :: else fi;
            u++
        :: else -> break
        od
    :: else
    fi;
    u = 1;
    do
    :: u <= NU -> if :: dev[d].row[u] == CURRENT -> dev[d].row[u] = SUPERSEDED :: else fi; u++
    :: else -> break
    od;
    q = 1;
    do
    :: q < SIZE ->
        if
        :: dev[d].which & BIT(q) ->
            u = dev[d].what[q];
            if :: PENDING(d, u) -> acknowledge(d, u) :: else fi;
            acknowledged = acknowledged | BIT(u);
            dev[d].row[u] = CURRENT; dev[d].seq[u] = q; dev[d].seen[u] = dev[d].whatSeen[q]
        :: else
        fi;
        q++
    :: else -> break
    od;
    move_cursor(d)
}

/* Replica.reidentify: what is pending becomes one unnumbered change of a new author, who has seen what this device
 * itself wrote before it under the old name. */
inline reidentify(d) {
    a = AUTHOR(d); p = 0; n = 1;
    do
    :: n <= dev[d].next ->
        u = 1;
        do
        :: u <= NU ->
            if
            :: (dev[d].row[u] == SENT && NUMBER_OF(u) == n) || (dev[d].row[u] == UNSENT && n == dev[d].next) ->
                if :: p != 0 -> dev[d].row[p] = SUPERSEDED; coalesced = coalesced | BIT(p) :: else fi;
                p = u
            :: else
            fi;
            u++
        :: else -> break
        od;
        n++
    :: else -> break
    od;
    if
    :: dev[d].incarnation == 2 || (p != 0 && extra == NX) -> overrun = true; CHECK(11, bounds_suffice, false)
    :: else ->
        if
        :: p != 0 ->
            extra++; u = NA + NB + extra;
            optIn[u] = optIn[p]; causes[u] = causes[p] | BIT(p);
            coalesced = coalesced | BIT(p);
            dev[d].row[u] = UNSENT; dev[d].seen[u] = dev[d].seen[p];
            v = 1;
            do
            :: v <= NU ->
                if
                :: dev[d].row[v] == CURRENT && AUTHOR_OF(v) == a && v < p ->
                    dev[d].seen[u] = dev[d].seen[u] | BIT(dev[d].seq[v])
                :: else
                fi;
                v++
            :: else -> break
            od;
            dev[d].row[p] = NONE; dev[d].seen[p] = 0
        :: else
        fi;
        dev[d].incarnation++; dev[d].next = 1
    fi
}

/* A request or an answer is lost, or the device crashes: for the device it is the same. */
inline fault(d) {
    printf("device %d: crashes, or its request or answer is lost\n", d);
    faults--;
#ifdef ERR_NUMBERS_VOLATILE
    u = 1;
    do
    :: u <= NU -> if :: dev[d].row[u] == SENT -> dev[d].row[u] = UNSENT; dev[d].next-- :: else fi; u++
    :: else -> break
    od;
#endif
#ifdef ERR_NUMBERED_ANEW
    u = 1;
    do
    :: u <= NU -> if :: dev[d].row[u] == SENT -> dev[d].row[u] = UNSENT :: else fi; u++
    :: else -> break
    od;
#endif
#ifdef ERR_STALE_ANSWER
    if
    :: dev[d].phase == ANSWERED && dev[d].kind == OK && oldTo == 0 ->
        oldFor = d; oldTo = dev[d].to; oldPrefix = dev[d].toPrefix; oldWhich = dev[d].which;
        i = 0;
        do
        :: i < SIZE -> oldWhat[i] = dev[d].what[i]; oldSeen[i] = dev[d].whatSeen[i]; i++
        :: else -> break
        od
    :: else
    fi;
#endif
    forget_session(d);
    check_quiet()
}

#ifdef ERR_SEEN_AHEAD
#define SEEN_WHEN_MADE(d) dev[d].cursor + 1
#else
#define SEEN_WHEN_MADE(d) dev[d].cursor
#endif

/* The reader sets the register (StateTransaction.record); never to what it shows already, unless asked. */
inline act(d, value) {
    u = (d == 0 -> 0 : NA) + dev[d].made + 1;
    dev[d].made++;
    w = 0; k = BELOW(SEEN_WHEN_MADE(d)); v = 1;
    do
    :: v <= NU ->
        if :: dev[d].row[v] != NONE -> w = w | BIT(v) | causes[v] :: else fi;
        if :: PENDING(d, v) -> k = k | dev[d].seen[v] :: else fi;
        if
        :: dev[d].row[v] == UNSENT ->
            coalesced = coalesced | BIT(v); dev[d].row[v] = SUPERSEDED; dev[d].seen[v] = 0; REACHED(10)
        :: else
        fi;
        v++
    :: else -> break
    od;
    printf("device %d: its reader sets #%d, opt-in %d\n", d, u, value);
    causes[u] = w; optIn[u] = value;
    dev[d].row[u] = UNSENT; dev[d].seen[u] = k;
    check_device(d);
    check_quiet()
}

/* The server is replaced by a backup of itself: as it was after `to_` entries, before it was compacted. */
inline restore_server(to_) {
    printf("server: restored from a backup of %d entries\n", to_);
    i = 0;
    do
    :: i < 6 -> highWater[i] = 0; i++
    :: else -> break
    od;
    i = 1;
    do
    :: i < SIZE ->
        if
        :: i > to_ -> logged[i] = 0; loggedSeen[i] = 0; digest[i] = 0
        :: i <= to_ && NUMBER_OF(logged[i]) > highWater[AUTHOR_OF(logged[i])] ->
            highWater[AUTHOR_OF(logged[i])] = NUMBER_OF(logged[i])
        :: else
        fi;
        i++
    :: else -> break
    od;
    head = to_; floor = 0; restores--;
    check_server();
    check_quiet()
}

/* What the snapshot after `cursor_expired` must reach: the cursor that the server just knew.
 * ERR_EXPIRED_FIRST would be mended by it too, if at a price, and is planted without. */
#if defined(ERR_EXPIRY_UNTIED) || defined(ERR_EXPIRED_FIRST)
#define EXPIRY_TIED false
#else
#define EXPIRY_TIED true
#endif
inline expire(d) {
    dev[d].phase = SNAPSHOT; dev[d].common = NOWHERE;
    if
    :: EXPIRY_TIED -> dev[d].anchor = dev[d].cursor; dev[d].anchorPrefix = dev[d].prefix
    :: else
    fi
}

/* ------------------------------------------------------------------------------------------------- processes */

#define AT(p) dev[d].phase == p && !overrun

proctype Replica(bit d) {
    do
    :: d_step { AT(IDLE) && dev[d].needs -> printf("device %d: numbers what it will push\n", d); load_push(d); dev[d].phase = LOADED; check_quiet() }
    :: d_step { AT(LOADED) -> printf("server: takes the sync of device %d\n", d); serve_sync(d); dev[d].phase = ANSWERED; check_quiet() }
#if STALE > 0
    :: d_step { AT(LOADED) && stales > 0 && staleFrom == 255 && !dev[d].absorbing ->
            printf("server: takes the sync of device %d, and the network keeps a copy\n", d); stales--; copy_push(d); serve_sync(d); dev[d].phase = ANSWERED; check_quiet() }
#endif
    :: d_step { AT(ANSWERED) && dev[d].kind == OK ->
            printf("device %d: applies the answer\n", d);
#ifdef ERR_CURSOR_FIRST
            if
            :: dev[d].cursor != dev[d].to -> move_cursor(d)
            :: else -> apply(d); dev[d].phase = (dev[d].absorbing -> (dev[d].more -> LOADED : RENAMING) : IDLE);
                forget_answer(d)
            fi;
#else
            apply(d);
            dev[d].phase = (dev[d].absorbing -> (dev[d].more -> LOADED : RENAMING) : IDLE);
            forget_answer(d);
#endif
            check_device(d); check_quiet() }
    :: d_step { AT(ANSWERED) && dev[d].kind != OK ->
            printf("device %d: is told %d (2 prefix_mismatch, 3 cursor_expired, 4 replica_forked)\n", d, dev[d].kind);
            if
            :: dev[d].kind == MISMATCH -> dev[d].phase = LOCATING
            :: dev[d].kind == EXPIRED -> expire(d)
            :: else -> dev[d].phase = LOADED; dev[d].absorbing = true
            fi;
            forget_answer(d); check_quiet() }
    :: d_step { AT(LOCATING) -> printf("server: finds the common cursor of device %d\n", d); serve_common(d); dev[d].phase = OFFERING; check_quiet() }
    :: d_step { AT(OFFERING) ->
            has_offers(d);
            printf("device %d: offers beyond %d (any: %d); the server places them\n", d, dev[d].after, found);
            if
            :: found -> serve_restore(d); dev[d].phase = PLACED
            :: !found && dev[d].common == dev[d].cursor && dev[d].commonPrefix == dev[d].prefix -> resume(d)
            :: else -> dev[d].phase = SNAPSHOT
            fi;
            check_quiet() }
    :: d_step { AT(PLACED) ->
            printf("device %d: notes the places; one history up to %d\n", d, dev[d].to);
            if
            :: dev[d].kind == OK -> record_restore(d); dev[d].phase = OFFERING
            :: else -> dev[d].phase = LOCATING; dev[d].anchor = 0; dev[d].anchorPrefix = 0
            fi;
            forget_answer(d); check_device(d); check_quiet() }
    :: d_step { AT(SNAPSHOT) -> printf("server: gives device %d a snapshot\n", d); serve_snapshot(d); check_quiet() }
#if PAGES > 1
    :: d_step { AT(SNAPSHOT) -> printf("server: gives device %d a snapshot's first page, with the register\n", d); fill_versions(d, head); fill_cursor(d); dev[d].more = true; dev[d].phase = PAGED; check_quiet() }
    :: d_step { AT(SNAPSHOT) -> printf("server: gives device %d a snapshot's first page\n", d); fill_cursor(d); dev[d].phase = PAGED; check_quiet() }
    :: d_step { AT(PAGED) -> printf("server: is asked for the second page by device %d\n", d); serve_second_page(d); check_quiet() }
#endif
    :: d_step { AT(CHECKING) -> printf("server: says whether it still has cursor %d of device %d\n", dev[d].anchor, d); serve_check(d); check_quiet() }
    :: d_step { AT(STAGED) -> printf("device %d: adopts the snapshot\n", d); adopt(d); resume(d); check_device(d); check_quiet() }
    :: d_step { AT(RENAMING) -> printf("device %d: takes a new identity\n", d); reidentify(d); forget_session(d); check_device(d); check_quiet() }
#if FAULTS > 0
    :: d_step { faults > 0 && dev[d].phase != IDLE && !overrun -> fault(d) }
#endif
#ifdef ERR_STALE_ANSWER
    :: d_step { AT(IDLE) && oldTo != 0 && oldFor == d ->
            dev[d].to = oldTo; dev[d].toPrefix = oldPrefix; dev[d].which = oldWhich;
            i = 0;
            do
            :: i < SIZE -> dev[d].what[i] = oldWhat[i]; dev[d].whatSeen[i] = oldSeen[i]; i++
            :: else -> break
            od;
            oldTo = 0; apply(d); forget_answer(d); check_device(d); check_quiet() }
#endif
    od
}

#define MAY(d, limit, value) (dev[d].made < limit && dev[d].shows != 1 + !(value) && !overrun)

proctype World() {
    byte to;
    do
    :: d_step { MAY(0, NA, 1) -> act(0, 1) }
    :: d_step { MAY(0, NA, 0) -> act(0, 0) }
    :: d_step { MAY(1, NB, 1) -> act(1, 1) }
    :: d_step { MAY(1, NB, 0) -> act(1, 0) }
#if RESTORES > 0
    :: atomic { restores > 0 && head > 0 && !overrun ->
            to = 0;
            do
            :: to + 1 < head -> to++
            :: break
            od;
            d_step { restore_server(to); to = 0 } }
#endif
#if COMPACTIONS > 0
    :: d_step { compactions > 0 && head > floor && !overrun ->
            printf("server: compacts up to %d\n", head); compactions--; floor = head; check_quiet() }
#endif
#if STALE > 0
    :: d_step { staleFrom != 255 && !overrun -> serve_stale(); check_quiet() }
#endif
#ifdef LIVE
    :: break                    /* nothing happens any more */
#endif
    od
}

#ifdef ERR_GAP_UNCHECKED
#define FIRST 2
#else
#define FIRST 1
#endif

init {
    atomic { dev[0].next = FIRST; dev[1].next = FIRST; run Replica(0); run Replica(1); run World() }
}

#ifdef LIVE
ltl drains_in_the_end { [] <> (restless == 0) }
#endif
