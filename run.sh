# usage: run.sh PREFIX-OF-SERVER PREFIX-OF-CLIENT ; runs the push and pull
set -e
B=/work/wt/server/.build/release; cd /tmp/srv
export XDG_CONFIG_HOME=/tmp/srv/h XDG_DATA_HOME=/tmp/srv/h READER_SYNC_TOKEN=$(cat /work/wt/server/.build/bench/data/50000x200/token)
for f in server author second; do rm -f a-$f.sqlite*; cp b-$f.sqlite a-$f.sqlite; done; sync
for step in author second; do
  echo "== $step"
  perf stat -e instructions:u,task-clock -o st-server-$step.txt $B/reader-sync-server serve --db a-server.sqlite --port 9871 > srv.log 2>&1 & P=$!
  sleep 1.5
  S=$(pgrep -P $P || true)
  if [ -n "$PERF" ]; then perf record -F 400 --call-graph dwarf,12288 -o p-server-$step.data -p $S >/dev/null 2>&1 & Q=$!; 
    perf record -F 400 --call-graph dwarf,12288 -o p-$step.data $B/reader-sync sync --replica a-$step.sqlite >/dev/null 2>&1
  else
    perf stat -e instructions:u,task-clock -o st-client-$step.txt $B/reader-sync sync --replica a-$step.sqlite | head -3
  fi
  kill -TERM $S; wait $P || true; [ -n "$PERF" ] && wait $Q || true
  [ -z "$PERF" ] && for w in client server; do echo "$w: $(grep -E 'instructions|task-clock|elapsed|user|sys' st-$w-$step.txt | awk '{printf "%s %s  ", $1, $2}')"; done
done
sqlite3 a-server.sqlite "SELECT (SELECT count(*) FROM log), (SELECT count(*) FROM version), (SELECT sum(stamp % 997) FROM log)"
for f in author second; do sqlite3 a-$f.sqlite "SELECT count(*), min(state), max(state), max(sequence), sum(number), (SELECT sum(is_read) FROM article), (SELECT sum(is_saved) FROM article), (SELECT sum(read_at % 997) FROM article) FROM change"; done
